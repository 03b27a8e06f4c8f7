// SPDX-License-Identifier: BSL-1.0
#include "chart/interface_choice.hpp"

namespace rollcast::detail {
namespace {

using interfaces = std::vector<net::interface_info>;

/// Whoever names an interface knows what it can do; a name that is a pattern only narrows.
bool is_wanted(chart_config const& config, net::interface_info const& which, interfaces const& all)
{
    if (!which.up || (config.local_discovery && !which.loopback))
        return false;
    if (net::is_meant(which, config.excluded_interfaces, all))
        return false;
    if (config.interfaces.empty())
        return which.loopback || which.multicast;
    return net::is_meant(which, config.interfaces, all);
}

} // namespace

result<interface_choice> choose_interfaces(chart_config const& config)
{
    auto const all = net::list_interfaces();
    if (!all)
        return all.error();
    return choose_interfaces(config, *all);
}

interface_choice choose_interfaces(chart_config const& config, interfaces const& all)
{
    interface_choice choice;
    for (auto const& each : all) {
        if (!is_wanted(config, each, all))
            continue;
        try {
            if (!config.use_interface || config.use_interface(each))
                choice.wanted.push_back(each);
        } catch (...) { // whatever it is, the other interfaces go on
            choice.undecided.push_back({each, {}, error::interface_choice_failed});
        }
    }
    return choice;
}

} // namespace rollcast::detail
