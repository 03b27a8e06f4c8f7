// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/take_when_ready.hpp"

#include <rollcast/receive/membership_event.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <memory>

namespace rollcast::receive {

/// Whoever makes an event ends this wait by cancelling it, which is then no failure.
template <class Source>
asio::awaitable<void> wait_for_news(std::shared_ptr<Source> from)
{
    try {
        co_await from->wait_for_reports();
    } catch (boost::system::system_error const& problem) {
        if (problem.code() != asio::error::operation_aborted)
            throw;
    }
}

/// The body of every wait for a membership event.
template <class Source>
asio::awaitable<membership_event> next_membership_event(std::shared_ptr<Source> from,
                                                        std::uint64_t since)
{
    in_progress const guard(from->watching, *from, "membership_changed");
    co_await asio::post(from->get_executor(), asio::use_awaitable);
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "membership_changed");
        receive::throw_if(*from, from->ready_to_receive(since), "membership_changed");
        from->refresh();
        if (auto event = from->events.pop())
            co_return std::move(*event);
        co_await wait_for_news(from);
    }
}

} // namespace rollcast::receive
