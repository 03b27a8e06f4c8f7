// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace rollcast::detail {

/// The descriptors that a station needs: a socket to hear the group.
inline constexpr std::size_t descriptors_of_station = 1;

/// The descriptors for all stations together: a socket to speak in each IP version.
inline constexpr std::size_t descriptors_to_speak = 2;

/// The descriptors that a chart leaves to the program.
inline constexpr std::size_t descriptors_left_alone = 64;

/// Interfaces that are used, in the order of their indices, and interfaces without room.
struct rationed_interfaces {
    std::vector<net::interface_info> used{};
    std::vector<net::interface_info> left_out{};
};

/// The interfaces that are worth most, as far as the room goes: those that a default route leads
/// to, then loopback, those with a global or private address, and the rest. The best one is always
/// used.
/// @param room      For so many stations.
/// @param stations  How many an interface needs.
rationed_interfaces ration(std::vector<net::interface_info> const& wanted,
                           std::span<unsigned const> default_routes, std::size_t room,
                           std::function<std::size_t(net::interface_info const&)> const& stations);

/// How many stations there may be in all, while `open` of them are and so many descriptors are
/// free. Open stations stay, however much the program opens besides.
std::size_t room_for_stations(std::size_t open, std::size_t free_descriptors) noexcept;

} // namespace rollcast::detail
