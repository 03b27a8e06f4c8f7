// SPDX-License-Identifier: BSL-1.0
#include "support/simulated_network.hpp"

#include <algorithm>

// The segments of a simulated network: who has which address, and whom a datagram reaches.

namespace rollcast::test {
namespace {

using asio::ip::address;
using asio::ip::address_v4;
using asio::ip::address_v6;

asio::ip::udp::endpoint without_scope(asio::ip::udp::endpoint const& value)
{
    if (value.address().is_v4())
        return value;
    return {address_v6(value.address().to_v6().to_bytes()), value.port()};
}

} // namespace

void simulated_network::plug(std::size_t who)
{
    unplug(who);
    for (auto const segment : at(who).config.segments)
        for (auto const& each : addresses_of(who, segment))
            mouths_[{segment, without_scope({each, at(who).port})}] = who;
    at(who).engine->set_links(links_of(who), now_);
}

void simulated_network::unplug(std::size_t who)
{
    std::erase_if(mouths_, [&](auto const& each) { return each.second == who; });
}

void simulated_network::carry(std::size_t from, detail::outgoing const& what)
{
    if (observer_)
        observer_(from, what);
    auto const content = std::make_shared<std::vector<std::byte> const>(what.bytes);
    for (auto const segment : at(from).config.segments) {
        if (link_of(from, segment) != what.link)
            continue;
        for (bool const v4 : {true, false}) {
            bool const version_fits = !what.to || what.to->address().is_v4() == v4;
            if (version_fits && has_version(segment, v4))
                carry_on({from, segment, v4, content}, what.to);
        }
    }
}

/// To one instance, or to all on the segment.
void simulated_network::carry_on(datagram const& what,
                                 std::optional<asio::ip::udp::endpoint> const& to)
{
    auto& done = at(what.from).done;
    ++(to ? done.unicasts : done.multicasts);
    done.bytes_sent += what.content->size();
    if (!to) {
        for (std::size_t each = 0; each < count(); ++each)
            carry_to(each, what);
        return;
    }
    auto const mouth = mouths_.find({what.segment, without_scope(*to)});
    if (mouth != mouths_.end())
        carry_to(mouth->second, what);
}

void simulated_network::carry_to(std::size_t to, datagram const& what)
{
    if (!is_on(to, what.segment) || cuts_.contains({what.from, to}))
        return;
    auto const& how = segments_[what.segment];
    auto const source = seen_by(to, what.segment, address_of(what.from, what.segment, what.v4));
    detail::arrival const arrival{link_of(to, what.segment), {source, at(what.from).port}};
    int const copies = 1 + (random_.unit() < how.duplication);
    for (int copy = 0; copy < copies; ++copy) {
        bool const lost = what.from != to && random_.unit() < how.loss;
        if (lost)
            continue;
        auto const late = std::chrono::duration_cast<duration>(how.jitter * random_.unit());
        after(how.delay + late,
              [this, to, arrival, content = what.content] { deliver(to, arrival, content); });
    }
}

/// Every host numbers its interfaces in its own way.
unsigned simulated_network::link_of(std::size_t who, unsigned segment) const noexcept
{
    return 2 + static_cast<unsigned>(who) * 16 + segment;
}

bool simulated_network::is_on(std::size_t who, unsigned segment) const
{
    auto const& on = at(who).config.segments;
    return std::ranges::find(on, segment) != on.end();
}

address simulated_network::address_of(std::size_t who, unsigned segment, bool v4) const
{
    auto const host = static_cast<std::uint32_t>(who + 1);
    if (v4)
        return address_v4(0x0a000000 | segment << 16 | host);
    address_v6::bytes_type bytes{0xfe, 0x80};
    bytes[13] = static_cast<unsigned char>(segment);
    bytes[14] = static_cast<unsigned char>(host >> 8);
    bytes[15] = static_cast<unsigned char>(host);
    return address_v6(bytes);
}

address simulated_network::seen_by(std::size_t who, unsigned segment, address value) const
{
    if (value.is_v4())
        return value;
    auto scoped = value.to_v6();
    scoped.scope_id(link_of(who, segment));
    return scoped;
}

std::vector<address> simulated_network::addresses_of(std::size_t who, unsigned segment) const
{
    std::vector<address> all;
    for (bool const v4 : {true, false})
        if (has_version(segment, v4))
            all.push_back(seen_by(who, segment, address_of(who, segment, v4)));
    return all;
}

std::vector<detail::link> simulated_network::links_of(std::size_t who) const
{
    std::vector<detail::link> links;
    for (auto const segment : at(who).config.segments) {
        detail::link on;
        on.index = link_of(who, segment);
        for (auto const& each : addresses_of(who, segment))
            on.addresses.push_back({each, each.is_v4() ? 16U : 64U});
        links.push_back(std::move(on));
    }
    return links;
}

bool simulated_network::has_version(unsigned segment, bool v4) const
{
    return v4 ? segments_.at(segment).ipv4 : segments_.at(segment).ipv6;
}

} // namespace rollcast::test
