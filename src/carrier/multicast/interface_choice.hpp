// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>

#include <vector>

namespace rollcast::detail {

/// The interfaces a chart is to work on, as things are now.
struct interface_choice {
    std::vector<net::interface_info> wanted{};   ///< In the order of their indices.
    std::vector<interface_obstacle> undecided{}; ///< Where the application's function has thrown.
    std::vector<net::interface_info> refused{};  ///< Where that function said no.
    std::vector<net::interface_info> all{};      ///< That the system has.
};

/// Whether the interface has an address of this IP version.
bool has_address(net::interface_info const& which, bool v4);

/// What was wanted and is left out, and why: names that no interface has, interfaces that are down,
/// excluded or refused, and interfaces without an address of a group's IP version.
/// @param of_all  Also of interfaces that the configuration does not name, for when none can be
/// used.
std::vector<interface_obstacle> left_out(chart_config const& config, interface_choice const& choice,
                                         bool of_all);

result<interface_choice> choose_interfaces(chart_config const& config);

/// The same of these interfaces.
interface_choice choose_interfaces(chart_config const& config,
                                   std::vector<net::interface_info> const& all);

} // namespace rollcast::detail
