// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/interface_obstacle.hpp>

#include <vector>

namespace rollcast::detail {

/// The interfaces a chart is to work on, as things are now.
struct interface_choice {
    std::vector<net::interface_info> wanted{};   ///< In the order of their indices.
    std::vector<interface_obstacle> undecided{}; ///< Where the application's function has thrown.
};

result<interface_choice> choose_interfaces(chart_config const& config);

/// The same of these.
interface_choice choose_interfaces(chart_config const& config,
                                   std::vector<net::interface_info> const& all);

} // namespace rollcast::detail
