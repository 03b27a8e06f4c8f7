// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/causes.hpp"

#include "cli/problem.hpp"

#include <boost/asio/error.hpp>
#include <fmt/format.h>

namespace rollcast::cli {
namespace {

namespace errc = boost::system::errc;

constexpr net::port_type first_of_users = 1024;

/// Goes before whatever else there is for this group, since nothing is more specific.
std::string route_to(net::group const& group, std::string const& interface)
{
    return group.address.is_v4()
               ? fmt::format("ip route replace {}/32 dev {}", group.address.to_string(), interface)
               : fmt::format("ip -6 route replace {}/128 dev {} table local",
                             group.address.to_string(), interface);
}

} // namespace

cause cause_of_join(error_code const& ec, net::group const& group)
{
    if (ec == error::too_many_memberships)
        return {"this machine allows no more memberships on one socket",
                "sysctl -w net.ipv4.igmp_max_memberships=100"};
    if (ec == asio::error::address_in_use)
        return {"the port is taken by a program that does not share it", {}};
    if (ec == asio::error::no_descriptors)
        return {ec.message() + ": the limit of this process is reached", "ulimit -n 1024"};
    if (ec == errc::permission_denied && group.port < first_of_users)
        return {"not permitted: ports below 1024 are for root",
                fmt::format("sysctl -w net.ipv4.ip_unprivileged_port_start={}", group.port)};
    if (ec == errc::permission_denied)
        return {"not permitted: a policy of the system (AppArmor, SELinux) forbids it",
                "journalctl -k --grep denied"};
    if (ec == errc::operation_not_permitted)
        return {"not permitted: a filter of this service or container forbids it (BPF of a cgroup, "
                "or seccomp)",
                "bpftool cgroup tree"};
    if (ec == asio::error::no_buffer_space || ec == asio::error::no_memory)
        return {ec.message() + ": the kernel has no memory for it",
                "sysctl -w net.core.optmem_max=131072"};
    return {ec.message(), {}};
}

cause cause_of_send(error_code const& ec, net::group const& group, std::string const& interface)
{
    if (ec == error::no_loopback_route)
        return {"lo has no route for IPv6 multicast", "ip -6 route add local ff00::/8 dev lo"};
    if (ec == error::no_multicast_route || ec == asio::error::network_unreachable)
        return {"no route leads there", route_to(group, interface)};
    if (ec == error::refused_by_route)
        return {"a blackhole, prohibit or unreachable route refuses it",
                route_to(group, interface)};
    if (ec == errc::operation_not_permitted)
        return {"a firewall of this machine drops it on its way out",
                fmt::format("nft list ruleset, and then: nft insert rule inet TABLE output udp "
                            "dport {} accept",
                            group.port)};
    if (ec == errc::permission_denied)
        return {"a prohibit route forbids it, or a policy of the system (AppArmor, SELinux)",
                route_to(group, interface)};
    if (ec == errc::invalid_argument)
        return {"a blackhole route swallows it", route_to(group, interface)};
    if (ec == asio::error::host_unreachable)
        return {"an unreachable route refuses it", route_to(group, interface)};
    if (ec == asio::error::no_buffer_space)
        return {"the egress queue of the interface drops it",
                fmt::format("tc -s qdisc show dev {}", interface)};
    return {ec.message(), {}};
}

} // namespace rollcast::cli
