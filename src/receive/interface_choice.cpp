// SPDX-License-Identifier: BSL-1.0
#include "receive/interface_choice.hpp"

#include "os/interfaces.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace rollcast::receive {
namespace {

/// The scope id of an IPv6 group ("ff02::1%eth0"), 0 if there is none.
unsigned scope_id(net::group const& group) noexcept
{
    return group.address.is_v6() ? group.address.to_v6().scope_id() : 0;
}

bool is_unreachable(error_code const& ec) noexcept
{
    return ec == asio::error::network_unreachable || ec == asio::error::host_unreachable;
}

result<net::interface_info> routed_interface(subscription_config const& config)
{
    auto const index = os::route_interface(config.group.address, config.device);
    if (!index)
        return is_unreachable(index.error()) ? error_code(error::no_multicast_route)
                                             : index.error();
    return net::resolve(net::network_interface(*index));
}

/// The only link of the machine, if there is but one: `lo` counts where it is alone.
result<net::interface_info> only_link(std::vector<net::interface_info> all)
{
    auto const others = std::ranges::count_if(all, &net::interface_info::multicast);
    std::erase_if(all, [&](net::interface_info const& each) {
        return others == 0 ? !each.loopback : !each.multicast;
    });
    if (all.size() != 1)
        return error::interface_required;
    return all.front();
}

} // namespace

result<std::vector<net::interface_info>> named_interfaces(subscription_config const& config)
{
    std::vector<net::interface_info> named;
    auto const scope = scope_id(config.group);
    bool const is_open = config.interfaces.empty() && scope == 0;
    if (is_open && !net::needs_interface(config.group.address))
        return named;
    auto const all = net::list_interfaces();
    if (!all)
        return all.error();
    for (auto const& which : config.interfaces) {
        auto found = net::resolve_for(config.group.address, which, *all);
        if (!found)
            return found.error();
        if (scope != 0 && found->index != scope)
            return error::interface_mismatch;
        if (std::ranges::find(named, found->index, &net::interface_info::index) != named.end())
            return error::duplicate_entry;
        named.push_back(std::move(*found));
    }
    if (!named.empty())
        return named;
    result<net::interface_info> found = error::interface_required;
    if (is_open)
        found = only_link(*all);
    else
        found = net::resolve(net::network_interface(scope), *all);
    if (!found)
        return found.error();
    named.push_back(std::move(*found));
    return named;
}

bool is_chosen_by_route(subscription_config const& config)
{
    return config.interfaces.empty() && scope_id(config.group) == 0 &&
           !net::needs_interface(config.group.address);
}

result<std::vector<net::interface_info>> interfaces_to_join(subscription_config const& config)
{
    auto named = named_interfaces(config);
    if (!named || !named->empty())
        return named;
    auto routed = routed_interface(config);
    if (!routed)
        return routed.error();
    named->push_back(std::move(*routed));
    return named;
}

} // namespace rollcast::receive
