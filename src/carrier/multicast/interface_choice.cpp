// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/interface_choice.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

using interfaces = std::vector<net::interface_info>;

/// Whether the interface is named as itself, and not by a pattern that it happens to match.
bool is_named(chart_config const& config, net::interface_info const& which, interfaces const& all)
{
    return std::ranges::any_of(config.interfaces, [&](net::network_interface const& each) {
        return !each.is_pattern() && net::is_meant(which, {&each, 1}, all);
    });
}

/// A user who names an interface knows what it can do; a name that is a pattern only narrows.
bool is_wanted(chart_config const& config, net::interface_info const& which, interfaces const& all)
{
    if (!which.up || (config.local_discovery && !which.loopback))
        return false;
    if (net::is_meant(which, config.excluded_interfaces, all))
        return false;
    // What comes in by a part of a bridge is heard on the bridge, and twice would be once too
    // often.
    if (which.master != 0 && !is_named(config, which, all))
        return false;
    if (config.interfaces.empty())
        return which.loopback || which.multicast;
    return net::is_meant(which, config.interfaces, all);
}

/// A user who names no interface for local discovery misses none but the loopback interface.
bool is_asked_for(chart_config const& config, net::interface_info const& which,
                  interfaces const& all)
{
    if (config.interfaces.empty())
        return which.loopback || !config.local_discovery;
    return net::is_meant(which, config.interfaces, all);
}

bool is_among(interfaces const& some, net::interface_info const& which)
{
    return std::ranges::find(some, which.index, &net::interface_info::index) != some.end();
}

/// Why `is_wanted` or the application's function said no; none if neither did.
error_code why_left_out(chart_config const& config, interface_choice const& choice,
                        net::interface_info const& which)
{
    if (net::is_meant(which, config.excluded_interfaces, choice.all))
        return error::interface_excluded;
    if (config.local_discovery && !which.loopback)
        return error::not_loopback;
    if (!which.up)
        return error::interface_is_down;
    if (which.master != 0 && !is_named(config, which, choice.all))
        return error::interface_has_master;
    if (is_among(choice.refused, which))
        return error::interface_refused;
    bool const able = which.loopback || which.multicast || !config.interfaces.empty();
    return able ? error_code{} : error_code(error::interface_cannot_multicast);
}

/// Adds the groups that cannot be met on this interface for want of an address.
void add_without_address(chart_config const& config, net::interface_info const& which,
                         std::vector<interface_obstacle>& into)
{
    if (config.group_v4 && !has_address(which, true))
        into.push_back({which, *config.group_v4, error::interface_without_address});
    if (config.group_v6 && !has_address(which, false))
        into.push_back({which, *config.group_v6, error::interface_without_address});
}

/// An interface that is not there has a name and nothing else.
interface_obstacle nameless(net::network_interface const& which, error_code const& why)
{
    interface_obstacle result;
    result.interface.name = to_string(which);
    result.why = why;
    return result;
}

} // namespace

bool has_address(net::interface_info const& which, bool v4)
{
    return std::ranges::any_of(which.addresses,
                               [&](auto const& each) { return each.address.is_v4() == v4; });
}

std::vector<interface_obstacle> left_out(chart_config const& config, interface_choice const& choice,
                                         bool of_all)
{
    std::vector<interface_obstacle> result;
    for (auto const& each : config.interfaces)
        if ((of_all || !each.is_pattern()) && net::resolve_all(each, choice.all).empty())
            result.push_back(nameless(each, error::unknown_interface));
    for (auto const& each : choice.all) {
        bool const is_told = of_all || is_named(config, each, choice.all);
        if (!is_told || !is_asked_for(config, each, choice.all))
            continue;
        if (is_among(choice.wanted, each))
            add_without_address(config, each, result);
        else if (auto const why = why_left_out(config, choice, each))
            result.push_back({each, {}, why});
    }
    return result;
}

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
    choice.all = all;
    for (auto const& each : all) {
        if (!is_wanted(config, each, all))
            continue;
        try {
            if (!config.use_interface || config.use_interface(each))
                choice.wanted.push_back(each);
            else
                choice.refused.push_back(each);
        } catch (...) { // whatever it is, the other interfaces go on
            choice.undecided.push_back({each, {}, error::interface_choice_failed});
        }
    }
    return choice;
}

} // namespace rollcast::detail
