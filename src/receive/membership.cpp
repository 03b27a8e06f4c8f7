// SPDX-License-Identifier: BSL-1.0
#include "receive/membership.hpp"

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

result<net::interface_info> routed_interface(net::group const& group)
{
    auto const index = os::route_interface(group.address);
    if (!index)
        return is_unreachable(index.error()) ? error_code(error::no_multicast_route)
                                             : index.error();
    return net::resolve(net::network_interface(*index));
}

} // namespace

result<std::vector<net::interface_info>> named_interfaces(subscription_config const& config)
{
    std::vector<net::interface_info> named;
    auto const scope = scope_id(config.group);
    if (config.interfaces.empty() && scope == 0)
        return named;
    auto const all = net::list_interfaces();
    if (!all)
        return all.error();
    for (auto const& which : config.interfaces) {
        auto found = net::resolve(which, *all);
        if (!found)
            return found.error();
        if (scope != 0 && found->index != scope)
            return error::interface_mismatch;
        if (std::ranges::find(named, found->index, &net::interface_info::index) != named.end())
            return error::duplicate_entry;
        named.push_back(std::move(*found));
    }
    if (named.empty()) {
        auto found = net::resolve(net::network_interface(scope), *all);
        if (!found)
            return found.error();
        named.push_back(std::move(*found));
    }
    return named;
}

result<std::vector<net::interface_info>> interfaces_to_join(subscription_config const& config)
{
    auto named = named_interfaces(config);
    if (!named || !named->empty())
        return named;
    auto routed = routed_interface(config.group);
    if (!routed)
        return routed.error();
    named->push_back(std::move(*routed));
    return named;
}

asio::ip::udp::endpoint bind_endpoint(net::group const& group,
                                      std::vector<net::interface_info> const& interfaces)
{
    // Bound to the group, the socket leaves unicast to the port alone.
    if (!net::needs_interface(group.address))
        return {group.address, group.port};
    // Linux binds a link-local group to one link; several take the wildcard, and the check of
    // every datagram's destination then does the rest.
    if (interfaces.size() > 1)
        return {group.protocol(), group.port};
    auto address = group.address.to_v6();
    address.scope_id(interfaces.front().index);
    return {address, group.port};
}

std::vector<membership> memberships(subscription_config const& config,
                                    std::vector<net::interface_info> const& interfaces)
{
    std::vector<membership> all;
    for (auto const& each : interfaces) {
        if (config.sources.empty())
            all.push_back({each.index, std::nullopt});
        for (auto const& source : config.sources)
            all.push_back({each.index, source});
    }
    return all;
}

} // namespace rollcast::receive
