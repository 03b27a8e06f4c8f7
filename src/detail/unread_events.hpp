// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace rollcast::detail {

/// Events that the program has not read yet, bounded: the oldest are dropped first. The oldest
/// event that is left says how many were missed before it.
template <class Event, std::size_t capacity = 32>
class unread_events {
public:
    void push(Event value)
    {
        if (unread_.size() == capacity) {
            unread_[1].missed += unread_.front().missed + 1;
            unread_.pop_front();
        }
        unread_.push_back(std::move(value));
    }

    std::optional<Event> pop()
    {
        if (unread_.empty())
            return std::nullopt;
        std::optional<Event> oldest(std::move(unread_.front()));
        unread_.pop_front();
        return oldest;
    }

private:
    std::deque<Event> unread_;
};

} // namespace rollcast::detail
