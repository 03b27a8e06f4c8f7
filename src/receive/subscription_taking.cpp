// SPDX-License-Identifier: BSL-1.0
#include "receive/subscription_state.hpp"

#include "detail/address_scope.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <limits>
#include <utility>

// How datagrams leave the queues of a subscription, and which of them are its own.

namespace rollcast {
namespace {

/// How many buffers `recv` fills at once, at most: one call for several datagrams costs less than
/// one each, and a look for a second one that is not there a tenth of a call.
constexpr std::size_t read_ahead = 16;
constexpr auto any_number = std::numeric_limits<std::size_t>::max();

bool lists(std::vector<asio::ip::address> const& hosts, asio::ip::address const& host) noexcept
{
    return std::ranges::any_of(hosts,
                               [&](auto const& each) { return detail::is_same_host(each, host); });
}

} // namespace

bool subscription::state::accepts_source(asio::ip::address const& source) const noexcept
{
    return (config.sources.empty() || lists(config.sources, source)) &&
           !lists(config.blocked, source);
}

bool subscription::state::takes_any_source() const noexcept
{
    return config.sources.empty() && config.blocked.empty();
}

/// The kernel filters too, but not everything: IPv6 ignores the interface of a membership once
/// any socket of the host has joined the group elsewhere.
bool subscription::state::accepts(packet const& datagram,
                                  receive::group_sockets::bound_socket const& from) const noexcept
{
    bool const is_ours =
        from.hears_others ? sockets.is_heard_by(from, datagram.metadata.interface_index) &&
                                detail::is_same_host(datagram.group.address, config.group.address)
                          : sockets.is_member_by(from);
    return is_ours && (takes_any_source() || accepts_source(datagram.source.address()));
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

/// Storage for one datagram is enough at first, since a program may have many subscriptions that
/// hear little. A receiver may look here and find nothing of the group while the program still
/// reads the packet that was handed out last: its storage is then kept as `former_`.
void subscription::state::make_room_ahead()
{
    auto const is_too_small = [&] { return !ahead_ || ahead_->buffers_->count() < most_ahead_; };
    bool const is_in_use = id != 0 && ahead_ && ahead_->used_ != 0;
    if (is_in_use && (is_too_small() || !takes_any_source() || sockets.may_hear_others()))
        std::swap(ahead_, former_);
    if (is_too_small())
        ahead_.emplace(most_ahead_ == 1 ? 1 : read_ahead);
}

auto subscription::state::take_one(packet& into, error_code& ec) -> outcome
{
    if (!has_rest()) {
        make_room_ahead();
        next_ = 0;
        auto const got = fill(*ahead_, most_ahead_, ec);
        if (got == outcome::queue_empty)
            expect_one();
        if (got != outcome::delivered)
            return got;
        most_ahead_ = std::min(2 * ahead_->used_, read_ahead);
    }
    auto& run = ahead_->filled()[next_];
    auto& rest = run.whole.payload;
    auto const size = std::min(run.datagram_size, rest.size());
    into = run.whole;
    into.payload = rest.first(size);
    into.subscription = id; // read ahead, maybe under another receiver
    rest = rest.subspan(size);
    if (rest.empty())
        ++next_;
    ++counters.packets;
    counters.bytes += size;
    counters.truncated += into.truncated;
    return outcome::delivered;
}

bool subscription::state::is_still_empty()
{
    if (has_rest())
        return false;
    for (auto const& each : sockets.sockets())
        if (!os::has_empty_queue(each.handle.get()))
            return false;
    counters.would_block += sockets.sockets().size();
    metrics.record([&](metrics::subscription_record& now) { now.counters = counters; });
    return true;
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

/// Drops what was read ahead of sources that are not listened to any longer.
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

/// Whether the configuration names an interface: outright, or by the scope id of the group.
bool subscription::state::names_interface() const noexcept
{
    auto const& group = config.group.address;
    return !config.interfaces.empty() || (group.is_v6() && group.to_v6().scope_id() != 0);
}

/// Options that the program has set on the socket may leave no room for what the kernel tells of a
/// datagram. The interface it came in by is then taken from the socket.
void subscription::state::complete(packet& datagram,
                                   receive::group_sockets::bound_socket const& from) const
{
    datagram.metadata.interface_index = sockets.presumed_interface(from);
    if (datagram.group.address.is_unspecified() && !from.endpoint.address().is_unspecified())
        datagram.group.address = from.endpoint.address();
}

/// Discards a foreign datagram; to others it adds what only the subscription knows.
bool subscription::state::admit(detail::filled_buffer& filled,
                                receive::group_sockets::bound_socket& from)
{
    auto& packet = filled.whole;
    if (!from.hears_others) {
        packet.metadata.interface_index = from.bound_to;
        packet.group.address = from.address;
    } else if (packet.metadata.interface_index == 0) {
        complete(packet, from);
    }
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
