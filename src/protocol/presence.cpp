// SPDX-License-Identifier: BSL-1.0
#include "protocol/presence.hpp"

#include "protocol/subnets.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rollcast::detail {
namespace {

/// How sure it is that an address serves an application, the best kind first.
enum class prospect { near, link_local, seen, unknown };

prospect prospect_of(known_address const& which, link const& on)
{
    if (is_link_local(which.address))
        return prospect::link_local;
    if (is_in_subnet(which.address, on.addresses))
        return prospect::near;
    return which.answered || which.spoke ? prospect::seen : prospect::unknown;
}

/// Whether what is sent to an address arrives, the surest first.
enum class arrival_there { certain, likely, unknown };

/// Within one host everything arrives. An address that has spoken to us may not hear us.
arrival_there arrival_at(known_address const& which) noexcept
{
    if (which.answered || which.address.is_loopback())
        return arrival_there::certain;
    return which.spoke ? arrival_there::likely : arrival_there::unknown;
}

} // namespace

std::vector<asio::ip::address> best_first(std::vector<presence> const& presences)
{
    // The last element keeps the order of equals.
    using rank = std::tuple<bool, prospect, arrival_there, bool, bool, unsigned, std::size_t>;
    std::vector<std::pair<rank, asio::ip::address>> ranked;
    for (auto const& each : presences) {
        for (auto const& which : each.addresses) {
            auto const& address = which.address;
            // A stranger's loopback address would lead to ourselves.
            if (address.is_loopback() && !each.where->is_loopback())
                continue;
            rank const key{
                which.failed,           prospect_of(which, *each.where),
                arrival_at(which),      address.is_v6(),
                !address.is_loopback(), 128 - common_prefix(address, each.where->addresses),
                ranked.size()};
            ranked.emplace_back(key, on_link(address, each.where->index));
        }
    }
    std::ranges::sort(ranked, {}, [](auto const& each) { return each.first; });
    std::vector<asio::ip::address> addresses;
    for (auto const& [key, address] : ranked)
        if (std::ranges::find(addresses, address) == addresses.end())
            addresses.push_back(address);
    return addresses;
}

std::vector<asio::ip::address> best_first(presence const& on_one_link)
{
    return best_first(std::vector{on_one_link});
}

bool same_addresses(std::vector<asio::ip::address> a, std::vector<asio::ip::address> b)
{
    std::ranges::sort(a);
    std::ranges::sort(b);
    return a == b;
}

} // namespace rollcast::detail
