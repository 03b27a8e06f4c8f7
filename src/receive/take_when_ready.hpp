// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/next_event.hpp"
#include "detail/operation.hpp"
#include "detail/step.hpp"
#include "error/explanation.hpp"
#include "receive/report_watch.hpp"

#include <rollcast/net/packet.hpp>
#include <rollcast/receive/batch.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdint>
#include <memory>

namespace rollcast::receive {

/// What one attempt to receive came to.
enum class outcome { delivered, queue_empty, turn_over, failed };

/// The two kinds of receive: what it takes, and what it completes with.
struct one_packet {
    using result_type = packet;
    static constexpr bool looks_into_source = true;
    outcome take(auto& from, error_code& ec) { return from.take(result, ec); }
    packet value() const noexcept { return result; }

    packet result{};
};

struct whole_batch {
    using result_type = std::size_t;
    static constexpr bool looks_into_source = false;
    outcome take(auto& from, error_code& ec) { return from.take(*into, ec); }
    std::size_t value() const noexcept { return into->size(); }

    batch* into;
};

/// Throws if there is an error, in the words of the subscription or receiver it came from.
template <class Source>
void throw_if(Source const& source, error_code const& ec, char const* function)
{
    detail::throw_if(ec, function, [&](error_code const& code) { return source.explain(code); });
}

/// Whether a receive may take before it has posted, see detail/operation.hpp.
template <class Taker>
bool may_take_at_once(auto const& from, asio::cancellation_state const& thread)
{
    return Taker::looks_into_source ? detail::may_hand_out_at_once(from, thread)
                                    : detail::may_take_at_once(thread);
}

/// After a handler has resumed a receive, so that the next one may take at once.
template <class Taker>
void note_resumption(auto const& from, asio::cancellation_state const& thread)
{
    if constexpr (Taker::looks_into_source)
        detail::note_resumption(from, thread);
    else
        detail::mark_resumed(thread);
}

/// After a resumption: whether reports are still to be awaited is looked at when the step has
/// ended.
template <class Taker>
void plan_release(auto const& from, asio::cancellation_state const& thread)
{
    if (Taker::looks_into_source && !thread.slot().is_connected())
        detail::step::open(from);
    else
        from->watch.release_later(from);
}

/// The body of every receive: takes as soon as there is something, waits while there is not, and
/// gives way when its turn is over. `since` is the membership count of the source when the receive
/// was made. Now and then, and when the receive was woken without a datagram, the source looks up
/// from its queue: interfaces may have changed.
template <class Taker, class Source>
[[gnu::hot]] asio::awaitable<typename Taker::result_type>
take_when_ready(std::shared_ptr<Source> from, std::uint64_t since, Taker taker, detail::begun how)
{
    detail::in_progress const guard(from->receiving, *from, "recv");
    auto const thread = co_await asio::this_coro::cancellation_state;
    bool const at_once =
        how == detail::begun::in_coroutine && may_take_at_once<Taker>(*from, thread);
    bool const turn_over = from->turn.is_over();
    bool rest = !at_once || turn_over;
    bool resumed = rest;
    if (turn_over)
        from->look_up();
    bool woken = false;
    for (;;) {
        if (rest)
            co_await asio::post(from->get_executor(), asio::use_awaitable);
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (resumed)
            plan_release<Taker>(from, cancellation);
        detail::throw_if_cancelled(cancellation, "recv");
        if (resumed)
            note_resumption<Taker>(from, cancellation);
        receive::throw_if(*from, from->ready_to_receive(since), "recv");
        error_code ec;
        auto const got = taker.take(*from, ec);
        if (got == outcome::delivered)
            co_return taker.value();
        receive::throw_if(*from, got == outcome::failed ? ec : error_code{}, "recv");
        from->turn.waited();
        rest = got == outcome::turn_over;
        resumed = true;
        if (rest || woken || from->watch.is_interrupted())
            from->look_up();
        if (rest)
            continue;
        error_code ended;
        from->keep_awaiting_reports();
        try {
            co_await from->wait(ended);
        } catch (...) {
            from->watch.release_later(from);
            throw;
        }
        bool const interrupted = ended == asio::error::operation_aborted;
        if (ended && !interrupted)
            from->watch.release_later(from);
        receive::throw_if(*from, interrupted ? error_code{} : ended, "recv");
        woken = true;
    }
}

} // namespace rollcast::receive
