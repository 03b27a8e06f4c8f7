// SPDX-License-Identifier: BSL-1.0
#include "os/interfaces.hpp"
#include "os/linux/netlink.hpp"
#include "os/linux/without_netlink.hpp"

#include <algorithm>

#include <sys/socket.h>

namespace rollcast::os {
namespace {

void add_interface(std::span<std::byte const> bytes, std::vector<unsigned>& into)
{
    unsigned index = 0;
    std::memcpy(&index, bytes.data(), std::min(sizeof index, bytes.size()));
    into.push_back(index);
}

/// The interfaces that a multipath route shares traffic out among.
void add_next_hops(std::span<std::byte const> bytes, std::vector<unsigned>& into)
{
    rtnexthop hop;
    while (bytes.size() >= sizeof hop) {
        std::memcpy(&hop, bytes.data(), sizeof hop);
        if (hop.rtnh_len < sizeof hop)
            return;
        into.push_back(static_cast<unsigned>(hop.rtnh_ifindex));
        bytes = bytes.subspan(std::min<std::size_t>(RTNH_ALIGN(hop.rtnh_len), bytes.size()));
    }
}

void add_default_route(nlmsghdr const& message, std::vector<unsigned>& into)
{
    auto const& route = netlink_body<rtmsg>(message);
    if (message.nlmsg_type != RTM_NEWROUTE || route.rtm_dst_len != 0 ||
        route.rtm_type != RTN_UNICAST)
        return;
    netlink_attributes<rtmsg>(message, [&](auto type, auto bytes) {
        if (type == RTA_OIF)
            add_interface(bytes, into);
        else if (type == RTA_MULTIPATH)
            add_next_hops(bytes, into);
    });
}

} // namespace

result<std::vector<unsigned>> default_route_interfaces()
{
    std::vector<unsigned> all;
    for (auto const family : {AF_INET, AF_INET6}) {
        rtmsg body{};
        body.rtm_family = static_cast<unsigned char>(family);
        netlink_request request(RTM_GETROUTE, NLM_F_DUMP, body);
        auto const ec =
            netlink_ask(request, [&](nlmsghdr const& message) { add_default_route(message, all); });
        if (without_netlink::is_denied(ec))
            return without_netlink::default_route_interfaces();
        if (ec)
            return ec;
    }
    return all;
}

} // namespace rollcast::os
