// SPDX-License-Identifier: BSL-1.0
#include "send/publication_state.hpp"

#include "detail/operation.hpp"
#include "os/interfaces.hpp"
#include "send/egress.hpp"
#include "send/run_length.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <limits>

namespace rollcast {
namespace {

/// Of one call that the network interrupts with what it has to tell of earlier ones.
constexpr int most_repeats = 16;

constexpr auto any_size = std::numeric_limits<std::size_t>::max();

bool is_loopback(unsigned interface_index)
{
    auto const interface = net::resolve(net::network_interface(interface_index));
    return interface && interface->loopback;
}

bool is_unconnected(error_code const& ec)
{
    return ec == boost::system::errc::destination_address_required;
}

/// What a connected socket says whose source or route is gone; another source may do.
bool asks_for_another_source(error_code const& ec)
{
    return ec == asio::error::network_unreachable || ec == asio::error::host_unreachable ||
           ec == boost::system::errc::address_not_available ||
           ec == asio::error::invalid_argument || is_unconnected(ec);
}

/// What the kernel says of runs, but not of datagrams: too long to be cut, or nobody to cut them.
bool is_about_runs(error_code const& ec)
{
    return ec == asio::error::invalid_argument || ec == asio::error::message_size ||
           ec == boost::system::errc::io_error || ec == asio::error::operation_not_supported;
}

} // namespace

/// Ends without a word when it is cancelled, or the socket is closed or another one takes its
/// place: whoever waits looks at that first, and a batch keeps its report.
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

publication::state::state(executor_type executor, publication_config wanted)
    : socket(std::move(executor)), config(std::move(wanted)), segment_limit_(any_size)
{
}

error_code publication::state::open()
{
    if (is_open())
        return {};
    if (closed)
        return asio::error::operation_aborted;
    if (auto const ec = validate(config))
        return ec;
    auto const options = send::resolve_egress(config);
    if (!options)
        return options.error();
    auto const ec = open_socket(*options);
    if (ec != asio::error::network_unreachable)
        return ec;
    if (options->interface_index == 0)
        return error::no_multicast_route;
    bool const by_lo = config.group.address.is_v6() && is_loopback(options->interface_index);
    return by_lo ? error_code(error::no_loopback_route) : ec;
}

error_code publication::state::open_socket(os::send_options const& options)
{
    auto fresh = os::open_sender(options);
    if (!fresh)
        return fresh.error();
    return take_over(*fresh, options);
}

error_code publication::state::take_over(os::owned_socket& fresh, os::send_options const& options)
{
    auto from = os::source_endpoint(fresh.get(), options.interface_index);
    if (!from)
        return from.error();
    if (options.any_address) {
        auto const address = os::chosen_source(options);
        if (!address)
            return address.error();
        from->address(*address);
    }
    auto reports = os::open_reports(os::report_topics::queues_too);
    if (!reports)
        return reports.error();
    unwatched_ = std::move(fresh);
    options_ = options;
    auto const routed = os::route_interface(config.group.address);
    egress_ = options.interface_index == 0 && routed ? *routed : options.interface_index;
    cutting_queues_ = os::cutting_queues(egress_);
    reports_ = std::move(*reports);
    group = options.group;
    source = *from;
    // Answers will be waited for, maybe while another thread sends its last words.
    return config.replies ? watch() : error_code{};
}

error_code publication::state::watch()
{
    error_code ec;
    if (socket.is_open())
        return ec;
    socket.assign(config.group.protocol(), unwatched_.get(), ec);
    if (ec)
        return ec;
    unwatched_.release();
    socket.native_non_blocking(true, ec);
    return ec;
}

error_code publication::state::check(os::native_socket existing) const
{
    if (auto const ec = validate(config))
        return ec;
    auto const options = send::resolve_egress(config);
    return options ? os::check_sender(existing, *options) : options.error();
}

error_code publication::state::adopt(os::native_socket existing)
{
    if (auto const ec = check(existing))
        return ec;
    auto const options = send::resolve_egress(config);
    if (!options)
        return options.error();
    if (auto const ec = os::prepare_sender(existing, *options))
        return ec;
    os::owned_socket owned(existing);
    auto const ec = take_over(owned, *options);
    owned.release(); // taken, or still the caller's
    adopted = !ec;
    return ec;
}

void publication::state::close() noexcept
{
    error_code ignored;
    socket.close(ignored);
    unwatched_ = os::owned_socket();
    reports_ = os::owned_socket();
    closed = true;
}

error_code publication::state::set_hop_limit(int hop_limit)
{
    if (hop_limit < 0 || hop_limit > 255)
        return error::invalid_hop_limit;
    if (is_open()) {
        if (auto const ec = os::limit_hops(handle(), group.address().is_v4(), hop_limit))
            return ec;
        options_.hop_limit = hop_limit;
    }
    config.hop_limit = hop_limit;
    return {};
}

void publication::state::follow_changes()
{
    if (!reports_.is_open())
        return;
    auto const reports = os::take_reports(reports_.get());
    for (auto const& queue : reports.queues) {
        if (queue.interface_index != egress_)
            continue;
        std::erase(cutting_queues_, queue.handle);
        if (queue.cuts_runs)
            cutting_queues_.push_back(queue.handle);
    }
    if (reports.any)
        (void)choose_source_again();
}

/// An address that was asked for stays; if it is gone, sending fails.
error_code publication::state::choose_source_again()
{
    if (options_.fixed_source)
        return asio::error::address_family_not_supported;
    if (!options_.connect)
        return bind_again();
    if (auto const ec = os::reconnect(handle(), options_))
        return ec;
    auto const from = os::source_endpoint(handle(), options_.interface_index);
    if (!from)
        return from.error();
    source = *from;
    segment_limit_ = any_size;
    return {};
}

/// What hears answers is bound to its address, for good: another socket takes its place and port.
error_code publication::state::bind_again()
{
    auto wanted = send::resolve_egress(config);
    if (!wanted)
        return wanted.error();
    auto const address = os::chosen_source(*wanted);
    if (!address)
        return address.error();
    if (*address == source.address())
        return {};
    if (options_.any_address) {
        source.address(*address);
        return {};
    }
    if (adopted)
        return asio::error::address_family_not_supported;
    wanted->bind = {*address, source.port()};
    auto fresh = os::open_sender(*wanted);
    if (!fresh)
        return fresh.error();
    if (!os::share_network(fresh->get(), handle()))
        return asio::error::network_unreachable;
    error_code ignored;
    socket.close(ignored); // those who wait go on with the other one
    unwatched_ = std::move(*fresh);
    options_ = *wanted;
    source = wanted->bind;
    return watch();
}

asio::ip::udp::endpoint const* publication::state::destination() const noexcept
{
    return config.replies ? &group : nullptr;
}

bool publication::state::hear_network()
{
    if (!is_open() || !options_.connect)
        return false;
    auto const heard = told.take_from(handle());
    counters.network_errors += heard;
    return heard != 0;
}

/// What failed may be told of an earlier datagram only, and nothing was tried: then it is to be
/// repeated, so often already.
bool publication::state::is_of_the_past(error_code const& ec, int repeated)
{
    return ec && hear_network() && ec != asio::error::would_block && repeated < most_repeats;
}

error_code publication::state::send_once(payloads pieces,
                                         asio::ip::udp::endpoint const* destination)
{
    auto ec = os::send(handle(), pieces, destination);
    for (int again = 0; is_of_the_past(ec, again); ++again)
        ec = os::send(handle(), pieces, destination);
    bool const to_others = destination && destination != this->destination();
    if (!ec || to_others || !asks_for_another_source(ec))
        return ec;
    if (auto const refused = choose_source_again())
        return is_unconnected(ec) ? refused : ec;
    return os::send(handle(), pieces, destination);
}

send_report publication::state::report_of(payloads pieces,
                                          asio::ip::udp::endpoint const* destination,
                                          error_code& ec)
{
    auto const size = asio::buffer_size(pieces);
    ec = open();
    if (!ec && size > max_payload)
        ec = error::payload_too_large;
    if (!ec)
        ec = send_once(pieces, destination);
    send_report report;
    report.publication = id;
    if (!ec) {
        report.destination = destination ? *destination : group;
        report.source = source;
        report.bytes = size;
        ++counters.packets;
        counters.bytes += size;
    } else {
        count_failure(ec);
    }
    publish_counters();
    return report;
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
    return report_of(pieces, destination(), ec);
}

send_report publication::state::try_send_to(asio::ip::udp::endpoint const& to,
                                            asio::const_buffer payload, error_code& ec)
{
    return report_of({&payload, 1}, &to, ec);
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

batch_report publication::state::new_report() const
{
    batch_report report;
    report.publication = id;
    report.destination = group;
    report.source = source;
    return report;
}

void publication::state::try_send_rest(payloads batch, batch_report& report)
{
    singly_until_ = 0;
    source_chosen_at_.reset();
    int repeated = 0;
    follow_changes();
    report.source = source;
    while (report.next < batch.size()) {
        if (fill(batch, report) == 0)
            continue;
        std::size_t taken = 0;
        auto const ec = burst_->send(handle(), taken);
        if (is_of_the_past(ec, repeated)) {
            ++repeated;
            continue;
        }
        if (ec == asio::error::would_block) {
            report.ended = ec;
            break;
        }
        if (ec)
            refuse_first(batch, ec, report);
        else
            account(batch, taken, report);
    }
    publish_counters();
}

/// The next messages, as many as one call takes, but for payloads no call takes.
std::size_t publication::state::fill(payloads batch, batch_report& report)
{
    if (!burst_)
        burst_.emplace();
    burst_->clear();
    runs_.clear();
    for (auto at = report.next; at < batch.size(); at += runs_.back()) {
        auto const rest = batch.subspan(at);
        auto const size = rest.front().size();
        if (size > max_payload && runs_.empty())
            fail_next(1, error::payload_too_large, report);
        if (size > max_payload)
            break;
        bool const in_run =
            cutting_queues_.empty() && at >= singly_until_ && size <= segment_limit_;
        auto const length = in_run ? send::run_length(rest, max_payload) : 1;
        if (!burst_->add(rest.first(length), destination()))
            break;
        runs_.push_back(length);
    }
    return burst_->messages();
}

void publication::state::account(payloads batch, std::size_t messages, batch_report& report)
{
    for (std::size_t i = 0; i < messages; ++i) {
        // Of a run only the last may differ in size.
        auto const bytes =
            batch[report.next].size() * (runs_[i] - 1) + batch[report.next + runs_[i] - 1].size();
        report.packets += runs_[i];
        report.bytes += bytes;
        report.next += runs_[i];
        counters.packets += runs_[i];
        counters.bytes += bytes;
    }
}

/// The kernel did not take the first message: a run may go singly, a datagram from elsewhere.
void publication::state::refuse_first(payloads batch, error_code const& ec, batch_report& report)
{
    auto const length = runs_.front();
    if (length > 1 && is_about_runs(ec)) {
        bool const too_long =
            ec == asio::error::invalid_argument || ec == asio::error::message_size;
        segment_limit_ = too_long ? batch[report.next].size() - 1 : 0;
        singly_until_ = report.next + length;
        return;
    }
    if (asks_for_another_source(ec) && report.next != source_chosen_at_) {
        source_chosen_at_ = report.next;
        if (!choose_source_again()) {
            report.source = source;
            return;
        }
    }
    fail_next(length, ec, report);
}

void publication::state::fail_next(std::size_t count, error_code const& ec, batch_report& report)
{
    for (std::size_t i = 0; i < count; ++i) {
        report.failures.push_back({report.next++, ec});
        count_failure(ec);
    }
}

asio::awaitable<batch_report> publication::state::send_batch(std::shared_ptr<state> self,
                                                             payloads batch)
{
    auto const thread = co_await asio::this_coro::cancellation_state;
    bool resumed = self->has_to_wait(thread);
    pending_send const pending(self->pending_sends_);
    if (resumed)
        co_await asio::post(self->socket.get_executor(), asio::use_awaitable);
    ++self->counters.calls;
    self->throw_if(self->open(), "send_batch");
    auto report = self->new_report();
    for (;; resumed = true) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (resumed)
            detail::mark_resumed(cancellation);
        report.ended = {};
        if (cancellation.cancelled() != asio::cancellation_type::none || self->closed)
            report.ended = asio::error::operation_aborted;
        else
            self->try_send_rest(batch, report);
        if (report.ended != asio::error::would_block)
            co_return report;
        co_await wait_for(self, asio::ip::udp::socket::wait_write, "send_batch");
    }
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
        co_await wait_for(self, asio::ip::udp::socket::wait_read, "recv_reply");
    }
}

} // namespace rollcast
