// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "support/sim_foreign.hpp"
#include "support/simulated_network.hpp"

#include "protocol/subnets.hpp"

#include <algorithm>

// The segments of a simulated network: who has which address, and whom a datagram reaches.

namespace rollcast::test {
namespace {

using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

constexpr std::size_t backlog_limit = 1000; // a socket's queue

// Addresses and interfaces are numbered so that they tell whose they are: host `n` on segment `s`
// is 10.s.n.n or fe80::ss:nnnn, and calls the segment interface 2 + 16 n + s.
constexpr unsigned segments_per_host = 16;
constexpr unsigned first_link = 2;
constexpr std::uint32_t network_v4 = 0x0a000000;
constexpr std::uint32_t loopback_v4 = 0x7f000000; // 127.s.n.n, as `lo` has all of 127/8

/// A device that repeats datagrams in its own name answers nothing.
detail::endpoint const device{address_v4(network_v4 | 0xfffffe), 9};

bool leaves_by(bool v4, detail::outgoing const& what)
{
    if (what.to)
        return what.to->address().is_v4() == v4;
    return what.by == detail::versions::all || (what.by == detail::versions::v4) == v4;
}

} // namespace

void simulated_network::take_seats(std::size_t who)
{
    leave_seats(who);
    auto& self = at(who);
    for (auto const segment : self.config.segments) {
        auto& present = segments_.at(segment).present;
        self.seats.push_back({segment, present.size()});
        present.push_back(who);
    }
}

void simulated_network::leave_seats(std::size_t who)
{
    for (auto const& each : std::exchange(at(who).seats, {})) {
        auto& present = segments_[each.segment].present;
        auto const last = present.back();
        present[each.position] = last;
        present.pop_back();
        if (last != who)
            std::ranges::find(at(last).seats, each.segment, &seat::segment)->position =
                each.position;
    }
}

void simulated_network::carry(std::size_t from, detail::outgoing what)
{
    if (at(from).config.foreign)
        what.bytes = in_other_words(what.bytes, what.to ? cast::unicast : cast::multicast,
                                    applications_[at(from).application], random_);
    if (observer_)
        observer_(from, what);
    auto const segment = (what.link - first_link) % segments_per_host;
    if (!is_on(from, segment))
        return;
    for (bool const v4 : {true, false})
        if (has_version(from, segment, v4) && leaves_by(v4, what))
            carry_by(v4, from, segment, what);
}

void simulated_network::carry_by(bool v4, std::size_t from, unsigned segment,
                                 detail::outgoing const& what)
{
    if (what.to)
        return carry_to(what.to->port(), v4, from, segment, what);
    carry_to(at(from).config.discovery_port, v4, from, segment, what);
    for (auto const port : what.ports)
        carry_to(port, v4, from, segment, what);
}

void simulated_network::carry_to(net::port_type port, bool v4, std::size_t from, unsigned segment,
                                 detail::outgoing const& what)
{
    auto& self = at(from);
    ++(what.to ? self.done.unicasts : self.done.multicasts);
    self.done.bytes_sent += what.bytes.size();
    auto const index = datagrams_.add({from, segment, v4});
    auto& fresh = datagrams_[index];
    auto const source = source_for(from, segment, v4, what);
    fresh.source = {source.value_or(asio::ip::address()), self.port};
    fresh.application = self.application;
    fresh.content = what.bytes;
    if (auto const meaning = announce::decode(fresh.content, applications_[self.application]))
        fresh.meaning = *meaning;
    if (invariants_ && fresh.meaning)
        invariants_->sent(from, what, *fresh.meaning, now_);
    ++fresh.users;
    fresh.to_port = port;
    if (what.to && source)
        direct(fresh, what.to->address());
    if (what.to)
        fresh.asked = what.to->address();
    if (what.to ? fresh.to.has_value() : discovery_ports_.contains(port))
        post(index);
    if (!what.to)
        for (auto const& each : segments_[segment].repeaters)
            repeat(index, each);
    release(index);
}

/// For the owner of this address, here or wherever it is passed on to.
void simulated_network::direct(datagram& what, asio::ip::address const& to) const
{
    if (auto const found = place_of(to, what.segment)) {
        what.to = found->owner;
        what.segment = found->segment;
    }
}

std::optional<simulated_network::place> simulated_network::place_of(asio::ip::address const& value,
                                                                    unsigned from) const
{
    if (auto const owner = owner_of(value, from))
        return place{*owner, from};
    for (auto const& each : segments_[from].repeaters)
        if (auto const owner = each.how.unicast ? owner_of(value, each.to) : std::nullopt)
            return place{*owner, each.to};
    return std::nullopt;
}

void simulated_network::repeat(std::uint32_t index, repeater const& by)
{
    auto const copy = datagrams_.add({});
    auto& fresh = datagrams_[copy];
    auto const& original = datagrams_[index];
    fresh = original;
    fresh.segment = by.to;
    fresh.late = by.how.delay;
    if (!by.how.keeps_source)
        fresh.source = device;
    if (original.meaning) // it has views of the other bytes
        fresh.meaning = *announce::decode(fresh.content, applications_[fresh.application]);
    fresh.users = 1;
    post(copy);
    release(copy);
}

/// Where datagrams do not overtake each other, one entry of the agenda serves all receivers.
void simulated_network::post(std::uint32_t index)
{
    auto& what = datagrams_[index];
    auto const& how = segments_[what.segment].how;
    if (how.jitter == duration::zero()) {
        ++what.users;
        agenda_.add(now_ + how.delay + what.late, agenda::kind::carriage, index);
    } else if (what.to) {
        post_to(*what.to, index);
    } else {
        for (auto const each : segments_[what.segment].present)
            post_to(each, index);
    }
}

void simulated_network::post_to(std::size_t to, std::uint32_t index)
{
    auto& what = datagrams_[index];
    auto const& how = segments_[what.segment].how;
    for (int copy = copies_on(what.segment); copy > 0; --copy) {
        auto const late = std::chrono::duration_cast<duration>(how.jitter * random_.unit());
        ++what.users;
        agenda_.add(now_ + how.delay + what.late + late, agenda::kind::delivery,
                    deliveries_.add({index, to}));
    }
}

int simulated_network::copies_on(unsigned segment)
{
    auto const duplication = segments_[segment].how.duplication;
    return duplication > 0 && random_.unit() < duplication ? 2 : 1;
}

void simulated_network::arrive(std::uint32_t index)
{
    auto const& what = datagrams_[index];
    auto const arrive_often = [&](std::size_t to) {
        for (int copy = copies_on(what.segment); copy > 0; --copy)
            arrive_at(to, index);
    };
    if (what.to)
        return arrive_often(*what.to);
    auto const& present = segments_[what.segment].present;
    for (std::size_t i = 0; i < present.size(); ++i)
        arrive_often(present[i]);
}

void simulated_network::arrive_at(std::size_t to, std::uint32_t index)
{
    auto& what = datagrams_[index];
    auto& self = at(to);
    auto const port = what.to ? self.port : self.config.discovery_port;
    bool const reached = is_on(to, what.segment) && what.to_port == port;
    if (!reached || !accepts_source(to, what) ||
        !hears_on(what.segment, to, what.from, what.to ? cast::unicast : cast::multicast))
        return;
    auto const loss = segments_[what.segment].how.loss;
    if (loss > 0 && what.from != to && random_.unit() < loss)
        return;
    if (self.state == activity::running) {
        take_in(to, index);
    } else if (self.state == activity::paused && self.backlog.size() < backlog_limit) {
        ++what.users;
        self.backlog.push_back(index);
    }
}

void simulated_network::take_in(std::size_t to, std::uint32_t index)
{
    auto const& what = datagrams_[index];
    auto& self = at(to);
    self.done.received += what.from != to;
    auto source = what.source;
    if (!what.v4)
        source.address(seen_by(to, what.segment, source.address()));
    auto const asked = what.to ? seen_by(to, what.segment, what.asked) : asio::ip::address();
    detail::arrival const from{link_of(to, what.segment), source, !what.to, asked};
    if (!what.meaning || what.application != self.application) {
        self.engine->receive(what.content, from, now_);
    } else {
        // What it said itself in an earlier life comes from somebody else.
        if (invariants_ && what.meaning->who.life != self.engine->own().life)
            invariants_->heard(to, source, *what.meaning, what.content.size(), false, now_);
        self.engine->hear(*what.meaning, what.content.size(), from, now_);
    }
    settle(to);
}

void simulated_network::release(std::uint32_t index)
{
    if (--datagrams_[index].users == 0)
        datagrams_.take(index);
}

/// Every host numbers its interfaces in its own way.
unsigned simulated_network::link_of(std::size_t who, unsigned segment) const noexcept
{
    return first_link + static_cast<unsigned>(who) * segments_per_host + segment;
}

bool simulated_network::is_on(std::size_t who, unsigned segment) const
{
    for (auto const& each : at(who).seats)
        if (each.segment == segment)
            return true;
    return false;
}

address simulated_network::address_of(std::size_t who, unsigned segment, bool v4) const
{
    auto const host = static_cast<std::uint32_t>(who + 1);
    if (v4)
        return address_v4((segments_[segment].how.loopback ? loopback_v4 : network_v4) |
                          segment << 16 | host);
    address_v6::bytes_type bytes{0xfe, 0x80};
    bytes[13] = static_cast<unsigned char>(segment);
    bytes[14] = static_cast<unsigned char>(host >> 8);
    bytes[15] = static_cast<unsigned char>(host);
    return address_v6(bytes);
}

/// Whose address this is, if it is one of somebody on the segment.
std::optional<std::size_t> simulated_network::owner_of(address const& value, unsigned segment) const
{
    for (auto const& [place, all] : given_)
        for (auto const& each : all)
            if (place.second == segment && each.address == detail::unscoped(value))
                return each.answers && is_on(place.first, segment) ? std::optional(place.first)
                                                                   : std::nullopt;
    std::size_t host = 0;
    if (value.is_v4()) {
        host = value.to_v4().to_uint() & 0xffff;
    } else {
        auto const bytes = value.to_v6().to_bytes();
        host = std::size_t{bytes[14]} << 8 | bytes[15];
    }
    if (host == 0 || host > count())
        return std::nullopt;
    auto const who = host - 1;
    if (given_to(who, segment))
        return std::nullopt;
    auto const own = address_of(who, segment, value.is_v4());
    bool const same =
        value.is_v4() ? value == own : value.to_v6().to_bytes() == own.to_v6().to_bytes();
    return same && is_on(who, segment) ? std::optional(who) : std::nullopt;
}

address simulated_network::seen_by(std::size_t who, unsigned segment, address value) const
{
    if (!detail::is_link_local(value))
        return value;
    auto scoped = value.to_v6();
    scoped.scope_id(link_of(who, segment));
    return scoped;
}

std::vector<address> simulated_network::addresses_of(std::size_t who, unsigned segment) const
{
    std::vector<address> all;
    if (auto const* given = given_to(who, segment)) {
        for (auto const& each : *given)
            all.push_back(seen_by(who, segment, each.address));
        return all;
    }
    for (bool const v4 : {true, false})
        if (has_version(segment, v4))
            all.push_back(seen_by(who, segment, address_of(who, segment, v4)));
    return all;
}

std::vector<detail::link> simulated_network::links_of(std::size_t who) const
{
    std::vector<detail::link> links;
    for (auto const& each : at(who).seats) {
        detail::link on;
        on.index = link_of(who, each.segment);
        auto const* given = given_to(who, each.segment);
        for (auto const& own : addresses_of(who, each.segment))
            on.addresses.push_back({own, own.is_v4() ? 16U : 64U});
        for (std::size_t i = 0; given && i < given->size(); ++i) {
            auto const& how = (*given)[i];
            on.addresses[i].prefix_length = how.prefix_length;
            on.addresses[i].deprecated = how.deprecated;
            on.addresses[i].temporary = how.temporary;
        }
        auto const port = [&](bool v4) {
            return has_version(who, each.segment, v4) ? at(who).port : net::port_type{0};
        };
        on.unicast_port_v4 = port(true);
        on.unicast_port_v6 = port(false);
        links.push_back(std::move(on));
    }
    return links;
}

bool simulated_network::has_version(unsigned segment, bool v4) const
{
    auto const& how = segments_.at(segment).how;
    return v4 ? how.ipv4 : how.ipv6;
}

detail::segment const* simulated_network::chart_of(std::size_t who, unsigned segment) const
{
    for (auto const& each : at(who).engine->segments())
        if (each->where().index == link_of(who, segment))
            return each.get();
    return nullptr;
}

} // namespace rollcast::test
