// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/membership_event.hpp>

#include <deque>
#include <optional>

namespace rollcast::receive {

/// Events nobody has read yet, bounded.
class membership_events {
public:
    static constexpr std::size_t capacity = 32;

    void push(membership_event value)
    {
        if (unread_.size() == capacity) {
            unread_[1].missed += unread_.front().missed + 1;
            unread_.pop_front();
        }
        unread_.push_back(std::move(value));
    }

    std::optional<membership_event> pop()
    {
        if (unread_.empty())
            return std::nullopt;
        std::optional<membership_event> oldest(std::move(unread_.front()));
        unread_.pop_front();
        return oldest;
    }

private:
    std::deque<membership_event> unread_;
};

} // namespace rollcast::receive
