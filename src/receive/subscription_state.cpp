// SPDX-License-Identifier: BSL-1.0
#include "receive/subscription_state.hpp"

#include "detail/address_scope.hpp"
#include "os/coarse_clock.hpp"
#include "os/interfaces.hpp"
#include "receive/interface_choice.hpp"
#include "receive/source_rules.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace rollcast {
namespace {

/// How many buffers `recv` fills at once, at most: one call for several datagrams costs less than
/// one each, and a look for a second one that is not there a tenth of a call.
constexpr std::size_t read_ahead = 16;
constexpr auto any_number = std::numeric_limits<std::size_t>::max();

bool lists(std::vector<asio::ip::address> const& hosts, asio::ip::address const& host) noexcept
{
    return std::ranges::any_of(
        hosts, [&](auto const& each) { return detail::unscoped(each) == detail::unscoped(host); });
}

} // namespace

subscription::state::state(executor_type on, subscription_config wanted)
    : executor(std::move(on)), config(std::move(wanted))
{
}

error_code subscription::state::adopt(os::native_socket existing)
{
    if (auto const ec = validate(config))
        return ec;
    if (auto const ec = os::check_receiver(existing, config.group))
        return ec;
    return sockets.adopt(config, existing);
}

error_code subscription::state::join()
{
    if (closed)
        return asio::error::operation_aborted;
    if (joined)
        return error::already_joined;
    if (auto const ec = validate(config))
        return ec;
    // Watched from before the first look at the interfaces, so that no change is missed.
    auto reports = os::report_inbox::open(
        executor, {.routes = receive::is_chosen_by_route(config)}, [this] { interrupt(); },
        renewal_interval());
    if (!reports)
        return reports.error();
    if (auto const ec = sockets.join(config))
        return ec;
    reports_ = std::move(*reports);
    joined = true;
    ++counters.joins;
    publish_counters();
    sockets_changed();
    return {};
}

void subscription::state::leave()
{
    withdraw_sockets(); // they stay open, and what is queued would wake whoever waits
    sockets.leave(config);
    watch.release();
    reports_ = {};
    forget_rest();
    joined = false;
    ++membership;
    ++counters.leaves;
    publish_counters();
    interrupt();
    sockets_changed();
}

error_code subscription::state::renew()
{
    if (!joined)
        return error::not_joined;
    counters.renewals +=
        sockets.renew(config, [this](auto change, auto const& where) { tell(change, where); });
    publish_counters();
    return {};
}

void subscription::state::close() noexcept
{
    withdraw_sockets();
    (void)sockets.release();
    watch.release();
    reports_ = {};
    forget_rest();
    joined = false;
    closed = true;
    interrupt();
    if (auto const owner = std::exchange(told, {}); owner.sockets_changed)
        owner.sockets_changed();
}

subscription_parts subscription::state::take_apart()
{
    withdraw_sockets();
    auto const protocol = config.group.protocol();
    subscription_parts parts{config, {}, sockets.joined_interfaces(), release_rest()};
    for (auto& each : sockets.release()) {
        parts.sockets.emplace_back(executor, protocol, each.handle.get());
        each.handle.release();
    }
    close();
    return parts;
}

error_code subscription::state::add_source(asio::ip::address const& source)
{
    if (joined && config.sources.empty()) // of any source it cannot become one of some
        return error::group_not_source_specific;
    auto wanted = config;
    wanted.sources.push_back(source);
    if (auto const ec = receive::validate_sources(wanted))
        return ec;
    auto const before = sockets.sockets().size();
    auto const ec = sockets.add_source(config, source);
    if (sockets.sockets().size() != before)
        sockets_changed();
    if (!ec)
        config.sources.push_back(source);
    return ec;
}

error_code subscription::state::drop_source(asio::ip::address const& source)
{
    auto const listed = std::ranges::find(config.sources, source);
    if (listed == config.sources.end())
        return error::unknown_source;
    if (config.sources.size() == 1)
        return error::source_required;
    config.sources.erase(listed);
    sockets.drop_source(config.group.address, source);
    prune_rest();
    return {};
}

error_code subscription::state::block_source(asio::ip::address const& source)
{
    auto wanted = config;
    wanted.blocked.push_back(source);
    if (auto const ec = receive::validate_sources(wanted))
        return ec;
    if (auto const ec = sockets.block(config.group.address, source))
        return ec;
    config.blocked.push_back(source);
    prune_rest();
    return {};
}

error_code subscription::state::unblock_source(asio::ip::address const& source)
{
    if (std::erase(config.blocked, source) == 0)
        return error::unknown_source;
    sockets.unblock(config.group.address, source);
    return {};
}

error_code subscription::state::ready_to_receive(std::uint64_t since) const noexcept
{
    if (closed || membership != since)
        return asio::error::operation_aborted;
    return joined ? error_code{} : error_code(error::not_joined);
}

void subscription::state::refresh()
{
    watch.looked_up();
    if (!joined)
        return;
    auto const reports = reports_.take();
    if (reports.reminder) {
        counters.renewals += sockets.renew_silent(
            config, [this](auto change, auto const& where) { tell(change, where); });
        publish_counters();
    }
    if (!reports.any)
        return;
    if (ready_)
        ready_->watch({}); // what it watches may be closed now
    repairing_ = true;
    counters.renewals += sockets.repair(
        config, reports.removed, [this](auto change, auto const& where) { tell(change, where); });
    repairing_ = false;
    watch_sockets();
    publish_counters();
}

void subscription::state::refresh_now_and_then()
{
    auto const now = os::coarse_now();
    if (now - last_look_ < receive::look_interval)
        return;
    last_look_ = now;
    refresh();
}

void subscription::state::step_ended()
{
    if (!receiving)
        watch.release();
}

os::report_inbox::interval subscription::state::renewal_interval() const
{
    bool const never = config.renewal_interval.count() <= 0;
    return never ? os::report_inbox::interval() : config.renewal_interval;
}

/// Whoever waits looks what has happened.
void subscription::state::interrupt()
{
    watch.interrupt();
    if (ready_)
        ready_->cancel();
    if (news_)
        news_->notify();
}

void subscription::state::tell(membership_change change, net::interface_info const& where)
{
    events.push({change, where.name, where.index, id});
    if (change != membership_change::lost)
        sockets_changed();
    if (news_)
        news_->notify();
    if (told.event_came)
        told.event_came();
}

/// Those who wait at this moment learn of sockets that are new.
void subscription::state::sockets_changed()
{
    watch_sockets();
    if (told.sockets_changed)
        told.sockets_changed();
}

void subscription::state::watch_sockets()
{
    if (!ready_ || repairing_)
        return;
    std::vector<os::native_socket> handles;
    if (joined)
        for (auto const& each : sockets.sockets())
            handles.push_back(each.handle.get());
    ready_->watch(handles);
}

void subscription::state::withdraw_sockets()
{
    if (ready_)
        ready_->watch({});
    if (told.sockets_withdrawn)
        told.sockets_withdrawn();
}

void subscription::state::add_to(os::readiness_set& set, std::uint64_t key) const
{
    if (!joined)
        return;
    for (auto const& each : sockets.sockets())
        (void)set.add(each.handle.get(), key);
}

void subscription::state::remove_from(os::readiness_set& set) const noexcept
{
    for (auto const& each : sockets.sockets())
        set.remove(each.handle.get());
}

asio::awaitable<void> subscription::state::wait(error_code& ec)
{
    is_polled_in_vain = false;
    if (!ready_)
        ready_.emplace(executor);
    if (!ready_->is_watching())
        watch_sockets();
    return ready_->wait(ec);
}

asio::awaitable<void> subscription::state::wait_for_reports()
{
    if (!news_)
        news_.emplace(executor);
    os::awaiting_reports const awaiting(reports_);
    co_await news_->wait();
}

bool subscription::state::accepts_source(asio::ip::address const& source) const noexcept
{
    return (config.sources.empty() || lists(config.sources, source)) &&
           !lists(config.blocked, source);
}

/// The kernel filters too, but not everything: IPv6 ignores the interface of a membership once
/// any socket of the host has joined the group elsewhere.
bool subscription::state::accepts(packet const& datagram,
                                  receive::group_sockets::bound_socket const& from) const noexcept
{
    return sockets.is_heard_by(from, datagram.metadata.interface_index) &&
           detail::unscoped(datagram.group.address) == detail::unscoped(config.group.address) &&
           accepts_source(datagram.source.address());
}

auto subscription::state::take(packet& into, error_code& ec) -> outcome
{
    auto const got = take_one(into, ec);
    metrics.record([&](metrics::subscription_record& now) {
        now.counters = counters;
        if (got == outcome::delivered)
            now.delivered(into.source, into.payload.size());
    });
    return got;
}

auto subscription::state::take(batch& into, error_code& ec) -> outcome
{
    auto const got = take_many(into, ec);
    metrics.record([&](metrics::subscription_record& now) {
        now.counters = counters;
        if (got != outcome::delivered)
            return;
        auto const& last = into.filled().back();
        auto const size = last.whole.payload.size();
        auto const before = (last.packets() - 1) * last.datagram_size;
        now.delivered(last.whole.source, size - before);
    });
    return got;
}

void subscription::state::publish_counters()
{
    metrics.record([&](metrics::subscription_record& now) { now.counters = counters; });
}

auto subscription::state::take_one(packet& into, error_code& ec) -> outcome
{
    if (!has_rest()) {
        if (!ahead_)
            ahead_.emplace(read_ahead);
        next_ = 0;
        auto const got = fill(*ahead_, most_ahead_, ec);
        if (got != outcome::delivered)
            return got;
        most_ahead_ = std::min(2 * ahead_->used_, read_ahead);
    }
    auto& run = ahead_->filled()[next_];
    auto& rest = run.whole.payload;
    auto const size = std::min(run.datagram_size, rest.size());
    into = run.whole;
    into.payload = rest.first(size);
    into.subscription = id; // it may have changed hands since
    rest = rest.subspan(size);
    if (rest.empty())
        ++next_;
    ++counters.packets;
    counters.bytes += size;
    counters.truncated += into.truncated;
    return outcome::delivered;
}

auto subscription::state::take_many(batch& into, error_code& ec) -> outcome
{
    auto got = outcome::delivered;
    if (has_rest()) {
        into.adopt(ahead_->filled().subspan(next_));
        for (auto& each : into.filled())
            each.whole.subscription = id;
        forget_rest();
    } else {
        got = fill(into, any_number, ec);
    }
    count(into);
    return got;
}

void subscription::state::count(batch& delivered) noexcept
{
    counters.packets += delivered.size();
    for (auto const& each : delivered.filled()) {
        counters.bytes += each.whole.payload.size();
        counters.truncated += each.whole.truncated;
    }
}

bool subscription::state::has_rest() const noexcept
{
    return ahead_ && next_ < ahead_->used_;
}

void subscription::state::forget_rest() noexcept
{
    if (ahead_)
        next_ = ahead_->used_;
}

/// Of a source that is not listened to any longer nothing more is delivered.
void subscription::state::prune_rest()
{
    if (!has_rest())
        return;
    auto const rest = ahead_->filled().subspan(next_);
    auto const pruned = std::ranges::remove_if(rest, [&](detail::filled_buffer const& each) {
        return !accepts_source(each.whole.source.address());
    });
    ahead_->used_ -= pruned.size();
}

std::optional<batch> subscription::state::release_rest()
{
    if (!has_rest())
        return std::nullopt;
    batch rest;
    rest.adopt(ahead_->filled().subspan(next_));
    forget_rest();
    return rest;
}

/// The sockets take turns, so that a busy link does not starve a quiet one.
auto subscription::state::fill(batch& into, std::size_t most, error_code& ec) -> outcome
{
    auto const all = sockets.sockets();
    for (std::size_t i = 0; i < all.size(); ++i) {
        turn_of_ = turn_of_ + 1 < all.size() ? turn_of_ + 1 : 0;
        auto const got = fill_from(all[turn_of_], into, most, ec);
        if (got != outcome::queue_empty)
            return got;
    }
    return outcome::queue_empty;
}

auto subscription::state::fill_from(receive::group_sockets::bound_socket& socket, batch& into,
                                    std::size_t most, error_code& ec) -> outcome
{
    into.make_ready();
    if (is_polled_in_vain && os::has_empty_queue(socket.handle.get())) {
        ec = asio::error::would_block;
        ++counters.would_block;
        return outcome::queue_empty;
    }
    for (int foreign = 0; foreign < detail::turn::length;) {
        into.make_ready();
        std::size_t count = 0;
        ec = into.buffers_->receive(socket.handle.get(), most, count);
        if (ec == asio::error::would_block) {
            ++counters.would_block;
            return outcome::queue_empty;
        }
        if (ec) {
            ++counters.errors;
            return outcome::failed;
        }
        for (std::size_t i = 0; i < count; ++i) {
            into.buffers_->describe(i, into.next());
            if (admit(into.next(), socket))
                into.keep_next();
        }
        if (!into.empty())
            return outcome::delivered;
        foreign += static_cast<int>(count);
    }
    return outcome::turn_over;
}

/// Outright, or by the scope id of the group.
bool subscription::state::names_interface() const noexcept
{
    auto const& group = config.group.address;
    return !config.interfaces.empty() || (group.is_v6() && group.to_v6().scope_id() != 0);
}

/// Options that somebody has set on the socket may leave no room for what the kernel tells of a
/// datagram. Where it came in is known from the socket then.
void subscription::state::complete(packet& datagram,
                                   receive::group_sockets::bound_socket const& from) const
{
    datagram.metadata.interface_index = sockets.presumed_interface(from);
    if (datagram.group.address.is_unspecified() && !from.endpoint.address().is_unspecified())
        datagram.group.address = from.endpoint.address();
}

/// Adds what only the subscription knows.
bool subscription::state::admit(detail::filled_buffer& filled,
                                receive::group_sockets::bound_socket& from)
{
    auto& packet = filled.whole;
    if (packet.metadata.interface_index == 0)
        complete(packet, from);
    // The kernel tells its drops with a later datagram, and only from the first drop on.
    if (packet.metadata.dropped > from.dropped) {
        from.dropped = packet.metadata.dropped;
        counters.dropped = sockets.dropped();
    }
    if (!accepts(packet, from)) {
        counters.filtered += filled.packets();
        return false;
    }
    from.is_heard = true;
    auto& metadata = packet.metadata;
    metadata.dropped = static_cast<std::uint32_t>(counters.dropped);
    metadata.local_endpoint = from.endpoint;
    metadata.configured_interface = names_interface() ? metadata.interface_index : 0;
    packet.group.port = from.endpoint.port();
    packet.subscription = id;
    return true;
}

} // namespace rollcast
