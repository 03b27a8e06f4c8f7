// SPDX-License-Identifier: BSL-1.0
#include "chart/wrong_names.hpp"

namespace rollcast::detail {

std::vector<interface_obstacle> wrong_names(chart_config const& config)
{
    std::vector<interface_obstacle> result;
    auto const all = net::list_interfaces();
    for (auto const& each : config.interfaces) {
        auto const found = net::resolve(each, all ? *all : std::vector<net::interface_info>());
        if (!found && !each.is_pattern())
            result.push_back({.interface = {.name = to_string(each)}, .why = found.error()});
        else if (found && config.local_discovery && !found->loopback)
            result.push_back({*found, {}, error::not_loopback});
    }
    return result;
}

} // namespace rollcast::detail
