// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/link_of_arrival.hpp"

#include "detail/address_scope.hpp"
#include "protocol/subnets.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

bool has(link const& which, asio::ip::address const& address)
{
    return std::ranges::any_of(which.addresses, [&](net::interface_address const& own) {
        return is_same_host(own.address, address);
    });
}

/// A link-local address is one of its link alone.
unsigned scope_of(asio::ip::address const& address)
{
    return is_link_local(address) ? address.to_v6().scope_id() : 0;
}

/// The link by which a datagram with a link-local address came in: the only one where that address
/// means anything. 0 for other addresses.
unsigned scope_of(send::mouth::heard const& heard)
{
    auto const scope = scope_of(heard.source.address());
    return scope != 0 ? scope : scope_of(heard.destination);
}

} // namespace

unsigned link_of_arrival(send::mouth::heard const& heard, std::span<link const> links)
{
    auto const scope = scope_of(heard);
    auto const came_by = scope != 0 ? scope : heard.interface_index;
    unsigned asked = 0;
    unsigned way = 0;
    for (auto const& each : links) {
        if (!each.speaks(heard.source.address().is_v4()))
            continue;
        if (each.index == came_by)
            way = came_by;
        bool const is_asked = scope == 0 && has(each, heard.destination);
        if (is_asked && (asked == 0 || each.index == came_by))
            asked = each.index;
    }
    return asked != 0 ? asked : way;
}

} // namespace rollcast::detail
