// SPDX-License-Identifier: BSL-1.0
#include "send/publication_state.hpp"

#include "detail/operation.hpp"
#include "send/send_errors.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

// One datagram at a time, and what comes back.

namespace rollcast {
namespace {

/// How often one call is repeated that fails for what the network tells of earlier datagrams.
constexpr int most_repeats = 16;

} // namespace

/// Ends without an error when the wait is cancelled, the socket is closed or another socket takes
/// its place: the operation that waits looks for that first, and a batch keeps its report.
asio::awaitable<void> publication::state::wait_for(std::shared_ptr<state> self,
                                                   asio::ip::udp::socket::wait_type what,
                                                   char const* function)
{
    self->throw_if(self->watch(), function);
    try {
        co_await self->socket.async_wait(what, asio::use_awaitable);
    } catch (boost::system::system_error const& problem) {
        if (problem.code() != asio::error::operation_aborted)
            throw;
    }
}

asio::ip::udp::endpoint const* publication::state::destination() const noexcept
{
    return config.replies ? &group : nullptr;
}

bool publication::state::hear_aftermath()
{
    if (!is_open())
        return false;
    auto const news = aftermath.take_from(handle(), group);
    counters.network_errors += news.errors;
    bool const is_awaited =
        (news.errors != 0 && network_awaited) || (news.times != 0 && send_times_awaited);
    error_code ignored;
    if (is_awaited && socket.is_open())
        socket.cancel(ignored); // the error queue is empty now and would not end the wait
    return news.interrupts;
}

/// Whether a call has to be repeated: its error may be about an earlier datagram only, and nothing
/// was sent.
/// @param repeated  How often it has been already.
bool publication::state::is_of_the_past(error_code const& ec, int repeated)
{
    return ec && hear_aftermath() && ec != asio::error::would_block && repeated < most_repeats;
}

error_code publication::state::send_once(payloads pieces,
                                         asio::ip::udp::endpoint const* destination, moment launch)
{
    follow_now_and_then();
    auto ec = os::send(handle(), pieces, destination, launch);
    for (int again = 0; is_of_the_past(ec, again); ++again)
        ec = os::send(handle(), pieces, destination, launch);
    if (!ec) {
        bool const to_group = !destination || destination == &group;
        return to_group && !can_leave() ? error_code(asio::error::network_down) : ec;
    }
    bool const is_connected_elsewhere = destination && options_.connect;
    if (is_connected_elsewhere || !send::asks_for_another_source(ec))
        return refusal_named(ec);
    if (auto const refused = choose_source_again())
        return refusal_named(send::is_unconnected(ec) ? refused : ec);
    ec = os::send(handle(), pieces, destination, launch);
    return refusal_named(ec);
}

/// The errors that show before the kernel is asked.
error_code publication::state::check_single(std::size_t size, moment launch)
{
    if (!is_open())
        if (auto const ec = open())
            return ec;
    if (size > max_payload)
        return error::payload_too_large;
    bool const is_unwanted = launch && options_.launch_times == net::launch_clock::none;
    return is_unwanted ? error_code(error::launch_times_not_asked_for) : error_code();
}

send_report publication::state::report_of(payloads pieces,
                                          asio::ip::udp::endpoint const* destination, moment launch,
                                          error_code& ec)
{
    auto const size = asio::buffer_size(pieces);
    ec = check_single(size, launch);
    if (!ec)
        ec = send_once(pieces, destination, launch);
    if (ec) {
        count_failure(ec);
        publish_counters();
        return {.publication = id, .destination = {}, .source = {}, .bytes = 0};
    }
    ++counters.packets;
    counters.bytes += size;
    publish_counters();
    return {id, destination ? *destination : group, source, size};
}

void publication::state::publish_counters()
{
    metrics.record([&](metrics::publication_record& now) { now.counters = counters; });
}

void publication::state::count_failure(error_code const& ec) noexcept
{
    if (ec == asio::error::no_buffer_space)
        ++counters.dropped;
    else if (ec != asio::error::would_block)
        ++counters.errors;
}

send_report publication::state::try_send(payloads pieces, error_code& ec)
{
    return report_of(pieces, destination(), {}, ec);
}

send_report publication::state::try_send(payloads pieces, moment launch, error_code& ec)
{
    return report_of(pieces, destination(), launch, ec);
}

send_report publication::state::try_send_to(asio::ip::udp::endpoint const& to,
                                            asio::const_buffer payload, error_code& ec)
{
    return report_of({&payload, 1}, &to, {}, ec);
}

send_report publication::state::try_send_from(asio::ip::address const& from,
                                              asio::ip::udp::endpoint const& to,
                                              asio::const_buffer payload, error_code& ec)
{
    send_report report;
    report.publication = id;
    ec = open();
    if (!ec && payload.size() > max_payload)
        ec = error::payload_too_large;
    follow_now_and_then();
    if (!ec)
        ec = os::send_from(handle(), {from, options_.interface_index}, payload, to);
    if (ec) {
        count_failure(ec);
    } else {
        report.destination = to;
        report.source = source;
        if (!from.is_unspecified())
            report.source.address(from);
        report.bytes = payload.size();
        ++counters.packets;
        counters.bytes += payload.size();
    }
    publish_counters();
    return report;
}

asio::awaitable<void> publication::state::wait_for_aftermath(std::shared_ptr<state> self,
                                                             char const* function)
{
    return wait_for(std::move(self), asio::ip::udp::socket::wait_error, function);
}

asio::awaitable<reply> publication::state::recv_reply(std::shared_ptr<state> self,
                                                      asio::mutable_buffer into)
{
    auto const thread = co_await asio::this_coro::cancellation_state;
    bool resumed = !detail::may_take_at_once(thread) || self->reply_turn_.is_over();
    if (resumed)
        co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
    for (;; resumed = true) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "recv_reply");
        if (resumed)
            detail::mark_resumed(cancellation);
        self->throw_if(self->config.replies ? self->open() : error::replies_not_asked_for,
                       "recv_reply");
        os::arrival came;
        auto const ec = os::receive_from(self->handle(), into, came);
        if (!ec)
            co_return reply{came.size, came.source, came.destination, came.truncated};
        self->throw_if(ec == asio::error::would_block ? error_code{} : ec, "recv_reply");
        (void)self->hear_aftermath(); // unread reports would end the wait at once, again and again
        co_await wait_for(self, asio::ip::udp::socket::wait_read, "recv_reply");
    }
}

} // namespace rollcast
