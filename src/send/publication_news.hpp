// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/publication_state.hpp"

namespace rollcast::send {

/// What `detail::next_event` needs to know of the way out of a publication. `State` is
/// `publication::state`, which is private there and cannot be named here.
template <class State>
struct egress_news {
    using event = egress_event;

    bool& is_awaited() const { return from->egress_awaited; }
    error_code check() const { return from->open(); }

    std::optional<event> take() const
    {
        from->follow_changes();
        return from->egress_events.pop();
    }

    asio::awaitable<void> wait() const { return from->wait_for_reports(); }

    std::shared_ptr<State> from;
};

template <class State>
egress_news(std::shared_ptr<State>) -> egress_news<State>;

/// The same for what the network tells of datagrams that had left.
template <class State>
struct network_news {
    using event = network_error;

    bool& is_awaited() const { return from->network_awaited; }

    error_code check() const
    {
        auto const ec = from->open();
        bool const none_is_told =
            from->config.replies && from->config.launch_times == net::launch_clock::none;
        return !ec && none_is_told ? error_code(asio::error::operation_not_supported) : ec;
    }

    std::optional<event> take() const
    {
        from->hear_aftermath();
        return from->aftermath.pop_error();
    }

    asio::awaitable<void> wait() const
    {
        return State::wait_for_aftermath(from, "network_error_told");
    }

    std::shared_ptr<State> from;
};

template <class State>
network_news(std::shared_ptr<State>) -> network_news<State>;

/// The same for the times at which datagrams left.
template <class State>
struct departures {
    using event = send_time;

    bool& is_awaited() const { return from->send_times_awaited; }

    error_code check() const
    {
        bool const none_is_told = from->config.send_times == net::time_source::none;
        return none_is_told ? error_code(error::send_times_not_asked_for) : from->open();
    }

    std::optional<event> take() const
    {
        from->hear_aftermath();
        return from->aftermath.pop_time();
    }

    asio::awaitable<void> wait() const { return State::wait_for_aftermath(from, "send_time_told"); }

    std::shared_ptr<State> from;
};

template <class State>
departures(std::shared_ptr<State>) -> departures<State>;

} // namespace rollcast::send
