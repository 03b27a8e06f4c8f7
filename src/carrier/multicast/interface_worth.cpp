// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/interface_worth.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

/// For questions to the system, reports to membership snoopers, and ways past a stuck link.
constexpr std::size_t descriptors_for_a_moment = 24;

/// Whether a host may give itself this address where no server or router gives it one (RFC 3927,
/// RFC 4862).
bool is_self_assigned(asio::ip::address const& address)
{
    if (address.is_v6())
        return address.to_v6().is_link_local();
    return (address.to_v4().to_uint() >> 16) == 0xa9fe;
}

/// The less, the better.
int rank(net::interface_info const& which, std::span<unsigned const> default_routes)
{
    if (std::ranges::find(default_routes, which.index) != default_routes.end())
        return 0;
    if (which.loopback)
        return 1;
    bool const has_own = std::ranges::any_of(
        which.addresses, [](auto const& each) { return !is_self_assigned(each.address); });
    return has_own ? 2 : 3;
}

} // namespace

rationed_interfaces ration(std::vector<net::interface_info> const& wanted,
                           std::span<unsigned const> default_routes, std::size_t room,
                           std::function<std::size_t(net::interface_info const&)> const& stations)
{
    auto by_worth = wanted;
    std::ranges::stable_sort(
        by_worth, {}, [&](net::interface_info const& each) { return rank(each, default_routes); });
    rationed_interfaces result;
    for (auto& each : by_worth) {
        auto const needed = stations(each);
        bool const fits = needed <= room || result.used.empty();
        // Once an interface is left out none of less worth goes before it.
        if (!fits || !result.left_out.empty()) {
            result.left_out.push_back(std::move(each));
            continue;
        }
        room -= std::min(room, needed);
        result.used.push_back(std::move(each));
    }
    std::ranges::sort(result.used, {}, &net::interface_info::index);
    return result;
}

std::size_t room_for_stations(std::size_t open, std::size_t free_descriptors) noexcept
{
    auto const kept = descriptors_left_alone + descriptors_for_a_moment + descriptors_to_speak;
    auto const spare = free_descriptors - std::min(free_descriptors, kept);
    return open + spare / descriptors_of_station;
}

} // namespace rollcast::detail
