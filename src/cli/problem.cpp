// SPDX-License-Identifier: BSL-1.0
#include "cli/problem.hpp"

#include "cli/output.hpp"

#include <boost/asio/error.hpp>

#include <cstdio>

namespace rollcast::cli {

void complain(std::string const& line) noexcept
{
    std::fputs(("rollcast: " + one_line(line) + "\n").c_str(), stderr);
}

std::string explain(error_code const& ec)
{
    if (ec == error::no_multicast_route)
        return "no route leads to the group; name an interface with --interface";
    if (ec == error::refused_by_route)
        return ec.message() + " with --interface";
    if (ec == error::interface_required)
        return ec.message() + " with --interface";
    if (ec == error::source_required)
        return ec.message() + " with --source";
    if (ec == asio::error::address_in_use)
        return "taken by a program that does not share it; choose another port or end that program";
    if (ec == boost::system::errc::permission_denied)
        return "not permitted: ports below 1024 are for root; else a prohibit route or a policy of "
               "the system (AppArmor, SELinux) forbids it";
    if (ec == boost::system::errc::operation_not_permitted)
        return "a firewall of this machine forbids it; see nft list ruleset";
    if (ec == boost::system::errc::invalid_argument)
        return ec.message() + ": a blackhole route, it seems; see ip route show table all type "
                              "blackhole";
    if (ec == asio::error::no_descriptors)
        return ec.message() + "; raise the limit (ulimit -n, or LimitNOFILE of a unit)";
    if (ec == asio::error::host_unreachable)
        return "an unreachable route leads there; see ip route show table all type unreachable";
    if (ec == boost::system::errc::address_not_available)
        return "no address of this machine can be used for it; has the interface one of this IP "
               "version, and is it not new and still being checked for duplicates?";
    if (ec == asio::error::no_buffer_space)
        return "the egress queue of the interface dropped it; send more slowly, with --interval";
    if (ec == asio::error::network_unreachable)
        return ec.message() + "; is the interface up, and has it a route for multicast?";
    return ec.message();
}

} // namespace rollcast::cli
