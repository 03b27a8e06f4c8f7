// SPDX-License-Identifier: BSL-1.0
#include "chart/link_of_arrival.hpp"

#include "detail/address_scope.hpp"

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
    bool const is_local = address.is_v6() && address.to_v6().is_link_local();
    return is_local ? address.to_v6().scope_id() : 0;
}

} // namespace

unsigned link_of_arrival(send::mouth::heard const& heard, std::span<link const> links)
{
    auto const source = heard.source.address();
    auto const scope = scope_of(source);
    auto const came_by = scope != 0 ? scope : heard.interface_index;
    unsigned asked = 0;
    unsigned by_way = 0;
    for (auto const& each : links) {
        if (!each.speaks(source.is_v4()))
            continue;
        if (each.index == came_by)
            by_way = came_by;
        if (scope != 0 || !has(each, heard.destination))
            continue;
        if (asked == 0 || each.index == came_by)
            asked = each.index;
    }
    return asked != 0 ? asked : by_way;
}

} // namespace rollcast::detail
