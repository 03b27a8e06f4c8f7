// SPDX-License-Identifier: BSL-1.0
#include "protocol/presence.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rollcast::detail {
namespace {

bool same_subnet(asio::ip::address const& address, net::interface_address const& own)
{
    if (address.is_v4() != own.address.is_v4())
        return false;
    auto const bits = [&](auto const& a, auto const& b) {
        unsigned equal = 0;
        for (std::size_t i = 0; i < a.size() && equal < own.prefix_length; ++i, equal += 8) {
            auto const rest = std::min(8u, own.prefix_length - equal);
            if ((a[i] ^ b[i]) >> (8 - rest) != 0)
                return false;
        }
        return true;
    };
    if (address.is_v4())
        return bits(address.to_v4().to_bytes(), own.address.to_v4().to_bytes());
    return bits(address.to_v6().to_bytes(), own.address.to_v6().to_bytes());
}

bool is_link_local(asio::ip::address const& address)
{
    return address.is_v6() && address.to_v6().is_link_local();
}

} // namespace

std::vector<asio::ip::address> best_first(std::vector<presence> const& presences)
{
    using rank = std::tuple<bool, bool, bool, bool, std::size_t>; // the last keeps the order
    std::vector<std::pair<rank, asio::ip::address>> ranked;
    for (auto const& each : presences) {
        for (auto const& address : each.addresses) {
            // A stranger's loopback address would lead to ourselves.
            if (address.is_loopback() && !is_loopback(*each.where))
                continue;
            bool const near = std::ranges::any_of(each.where->addresses, [&](auto const& mine) {
                return same_subnet(address, mine);
            });
            rank const key{is_link_local(address), !near, address.is_v6(), !address.is_loopback(),
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

bool is_loopback(link const& where)
{
    return std::ranges::any_of(where.addresses,
                               [](auto const& each) { return each.address.is_loopback(); });
}

} // namespace rollcast::detail
