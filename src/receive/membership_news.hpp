// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/subscription_config.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>

namespace rollcast::receive {

/// What `detail::next_event` needs to know of memberships. `since` is the membership
/// count of the source when the wait was made.
template <class Source>
struct membership_news {
    using event = membership_event;

    bool& is_awaited() const { return from->watching; }
    error_code check() const { return from->ready_to_receive(since); }

    std::optional<event> take() const
    {
        from->refresh();
        return from->events.pop();
    }

    asio::awaitable<void> wait() const { return from->wait_for_reports(); }

    std::shared_ptr<Source> from;
    std::uint64_t since;
};

template <class Source>
membership_news(std::shared_ptr<Source>, std::uint64_t) -> membership_news<Source>;

} // namespace rollcast::receive
