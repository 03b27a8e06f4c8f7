// SPDX-License-Identifier: BSL-1.0
#include "protocol/told_addresses.hpp"

#include "announce/codec.hpp"
#include "protocol/subnets.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rollcast::detail {
namespace {

using own_address = net::interface_address;

enum class kind { ipv4, link_local, ipv6 };

kind kind_of(own_address const& each) noexcept
{
    if (each.address.is_v4())
        return kind::ipv4;
    return is_link_local(each.address) ? kind::link_local : kind::ipv6;
}

bool is_lasting(own_address const& each) noexcept
{
    return !each.deprecated && !each.temporary;
}

/// Whether a lasting address of ours serves the same neighbours.
bool is_replaceable(own_address const& which, std::span<own_address const> ours)
{
    return std::ranges::any_of(ours, [&](own_address const& each) {
        return is_lasting(each) && is_in_subnet(which.address, std::span(&each, 1));
    });
}

} // namespace

std::vector<asio::ip::address> told_addresses(std::span<own_address const> ours)
{
    std::vector<own_address const*> ranked;
    std::array<bool, 3> has_kind{};
    std::vector<own_address const*> others;
    for (auto const& each : ours) {
        auto& known = has_kind[static_cast<std::size_t>(kind_of(each))];
        if (is_lasting(each)) {
            (known ? others : ranked).push_back(&each);
            known = true;
        }
    }
    ranked.insert(ranked.end(), others.begin(), others.end());
    for (auto const& each : ours)
        if (each.temporary && !each.deprecated && !is_replaceable(each, ours))
            ranked.push_back(&each);
    if (ranked.empty())
        for (auto const& each : ours)
            ranked.push_back(&each);
    ranked.resize(std::min(ranked.size(), announce::max_addresses));
    std::vector<asio::ip::address> told;
    for (auto const* each : ranked)
        told.push_back(each->address);
    return told;
}

} // namespace rollcast::detail
