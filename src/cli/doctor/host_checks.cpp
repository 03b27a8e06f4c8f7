// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/host_checks.hpp"

#include "cli/doctor/causes.hpp"

#include <rollcast/net/host_settings.hpp>
#include <rollcast/send/publication.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace rollcast::cli {
namespace {

using net::interface_info;

/// What the kernel gives a socket that asks for nothing, and what a burst needs at least.
constexpr std::uint64_t usual_buffer = 212'992;

} // namespace

bool has_address(interface_info const& on, bool v4)
{
    return std::ranges::any_of(on.addresses,
                               [&](auto const& each) { return each.address.is_v4() == v4; });
}

void host_checks::look_at_links()
{
    for (auto const& each : interfaces_) {
        look_at_link(each);
        if (!each.up)
            continue;
        look_at_addresses(each);
        if (!each.loopback)
            look_at_filter(each);
    }
}

void host_checks::look_at_link(interface_info const& which)
{
    bool const of_no_use = !which.up && !which.multicast && !which.loopback;
    if (of_no_use && !named_) // such as the tunnels that every namespace begins with
        return into_.add({"link", which.name, health::ok, "down, and not made for multicast"});
    if (!which.up)
        return into_.add({"link", which.name, named_ ? health::fail : health::warn,
                          "it is down, or nothing is plugged in",
                          fmt::format("ip link set dev {} up", which.name)});
    if (!which.multicast && !which.loopback)
        return into_.add({"link", which.name, health::fail, "it is up, but without MULTICAST",
                          fmt::format("ip link set dev {} multicast on", which.name)});
    auto const version = net::igmp_version(which.name);
    into_.add({"link", which.name, health::ok,
               fmt::format("up, MTU {}{}", which.mtu,
                           version ? fmt::format(", IGMPv{}", *version) : "")});
}

void host_checks::look_at_addresses(interface_info const& which)
{
    std::vector<std::string> all;
    for (auto const& each : which.addresses)
        all.push_back(each.address.to_string());
    if (all.empty())
        return into_.add({"addresses", which.name, named_ ? health::fail : health::warn,
                          "it has no address that is ready, so nothing is said there",
                          fmt::format("ip addr add ADDRESS/24 dev {}", which.name)});
    into_.add({"addresses", which.name, health::ok, fmt::format("{}", fmt::join(all, ", "))});
}

void host_checks::look_at_filter(interface_info const& which)
{
    auto const filter = net::filter_of(which.name);
    if (!filter || !has_address(which, true))
        return;
    if (*filter != net::reverse_path_filter::strict)
        return into_.add({"rp_filter", which.name, health::ok,
                          *filter == net::reverse_path_filter::off ? "off" : "loose"});
    into_.add({"rp_filter", which.name, health::warn,
               "strict: IPv4 datagrams are dropped without a word where the way back to their "
               "source leads out by another interface",
               fmt::format("sysctl -w net.ipv4.conf.all.rp_filter=2 "
                           "net.ipv4.conf.{}.rp_filter=2",
                           which.name)});
}

void host_checks::look_at_buffers()
{
    auto const most = net::largest_receive_buffer();
    if (!most)
        return into_.add({"buffers", {}, health::unknown, "net.core.rmem_max cannot be read"});
    bool const small = *most < usual_buffer;
    into_.add({"buffers",
               {},
               small ? health::warn : health::ok,
               fmt::format("net.core.rmem_max lets a socket hold {} bytes{}", *most,
                           small ? ", which a burst of datagrams fills at once" : ""),
               small ? "sysctl -w net.core.rmem_max=4194304" : ""});
}

void host_checks::look_at_route(net::group const& group)
{
    bool const v4 = group.address.is_v4();
    auto const out = std::ranges::find_if(interfaces_, [&](auto const& each) {
        return each.up && !each.loopback && has_address(each, v4);
    });
    // IPv6 groups of link-local scope are never left to the routes.
    if (out == interfaces_.end() || net::needs_interface(group.address))
        return;
    publication_config config;
    config.group = group;
    publication probe(executor_, config);
    error_code ec;
    probe.open(ec);
    auto const name = group.address.to_string();
    if (!ec)
        return into_.add({"route", {}, health::ok, fmt::format("one leads to {}", name)});
    if (ec == error::no_multicast_route)
        return into_.add({"route",
                          {},
                          health::ok,
                          fmt::format("none leads to {}, and charts need none; send and recv want "
                                      "an --interface then",
                                      name)});
    auto const found = cause_of_send(ec, group, out->name);
    into_.add({"route",
               {},
               health::warn,
               fmt::format("to {}: {}; programs that name no interface cannot send there, charts "
                           "name theirs",
                           name, found.why),
               found.remedy});
}

} // namespace rollcast::cli
