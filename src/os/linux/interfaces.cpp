// SPDX-License-Identifier: BSL-1.0
#include "os/interfaces.hpp"

#include "detail/address_scope.hpp"
#include "os/linux/interface_request.hpp"
#include "os/linux/netlink.hpp"
#include "os/linux/without_netlink.hpp"

#include <algorithm>
#include <string_view>

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

namespace rollcast::os {
namespace {

std::string text(std::span<std::byte const> bytes)
{
    std::string_view const all(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    return std::string(all.substr(0, all.find('\0')));
}

template <class T>
T value(std::span<std::byte const> bytes) noexcept
{
    T result{};
    std::memcpy(&result, bytes.data(), std::min(sizeof result, bytes.size()));
    return result;
}

/// An interface in a virtual routing domain (VRF) keeps its own addresses: the master does not
/// speak for it, as a bridge or bond does.
bool has_deputy(std::span<std::byte const> link_info)
{
    bool deputy = true;
    nested_attributes(link_info, [&](auto type, auto bytes) {
        if (type == IFLA_INFO_SLAVE_KIND && text(bytes) == "vrf")
            deputy = false;
    });
    return deputy;
}

std::vector<std::string> alternative_names_in(std::span<std::byte const> properties)
{
    std::vector<std::string> names;
    nested_attributes(properties, [&](auto type, auto bytes) {
        if (type == IFLA_ALT_IFNAME)
            names.push_back(text(bytes));
    });
    return names;
}

net::interface_info read_link(nlmsghdr const& message)
{
    auto const& link = netlink_body<ifinfomsg>(message);
    net::interface_info info;
    info.index = static_cast<unsigned>(link.ifi_index);
    info.up = (link.ifi_flags & IFF_UP) != 0 && (link.ifi_flags & IFF_RUNNING) != 0;
    info.loopback = (link.ifi_flags & IFF_LOOPBACK) != 0;
    info.multicast = (link.ifi_flags & IFF_MULTICAST) != 0;
    bool deputy = true;
    netlink_attributes<ifinfomsg>(message, [&](auto type, auto bytes) {
        if (type == IFLA_IFNAME)
            info.name = text(bytes);
        else if (type == IFLA_MTU)
            info.mtu = value<unsigned>(bytes);
        else if (type == IFLA_MASTER)
            info.master = value<unsigned>(bytes);
        else if (type == IFLA_LINKINFO)
            deputy = has_deputy(bytes);
        else if ((type & NLA_TYPE_MASK) == IFLA_PROP_LIST)
            info.alternative_names = alternative_names_in(bytes);
    });
    if (!deputy)
        info.master = 0;
    return info;
}

asio::ip::address to_address(std::span<std::byte const> bytes, unsigned interface_index)
{
    if (bytes.size() == 4)
        return asio::ip::make_address_v4(value<asio::ip::address_v4::bytes_type>(bytes));
    auto const address = asio::ip::make_address_v6(value<asio::ip::address_v6::bytes_type>(bytes));
    return detail::on_link(address, interface_index);
}

/// On point-to-point links IFA_ADDRESS is the peer and IFA_LOCAL our own; IPv6 has only the former.
std::span<std::byte const> own_address(nlmsghdr const& message, unsigned& flags)
{
    std::span<std::byte const> address;
    std::span<std::byte const> local;
    netlink_attributes<ifaddrmsg>(message, [&](auto type, auto bytes) {
        if (type == IFA_ADDRESS)
            address = bytes;
        else if (type == IFA_LOCAL)
            local = bytes;
        else if (type == IFA_FLAGS)
            flags = value<unsigned>(bytes);
    });
    return local.empty() ? address : local;
}

void add_address(nlmsghdr const& message, std::vector<net::interface_info>& interfaces)
{
    auto const& header = netlink_body<ifaddrmsg>(message);
    unsigned flags = header.ifa_flags;
    auto const bytes = own_address(message, flags);
    if (bytes.size() != 4 && bytes.size() != 16)
        return;
    auto const owner = std::ranges::find(interfaces, header.ifa_index, &net::interface_info::index);
    if (owner == interfaces.end())
        return;
    auto const address = to_address(bytes, header.ifa_index);
    if ((flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0) {
        owner->unusable.push_back({address, (flags & IFA_F_DADFAILED) != 0});
        return;
    }
    // For IPv4 the same bit means a second address of a subnet.
    bool const temporary = bytes.size() == 16 && (flags & IFA_F_TEMPORARY) != 0;
    owner->addresses.push_back(
        {address, header.ifa_prefixlen, (flags & IFA_F_DEPRECATED) != 0, temporary});
}

/// What the kernel says of routes of the types prohibit, blackhole and unreachable.
bool is_refused_by_route(error_code const& ec) noexcept
{
    using namespace boost::system::errc;
    return ec == permission_denied || ec == invalid_argument || ec == host_unreachable;
}

error_code dump(std::uint16_t type, auto const& body,
                std::function<void(nlmsghdr const&)> const& each)
{
    netlink_request request(type, NLM_F_DUMP, body);
    return netlink_ask(request, each);
}

result<std::vector<net::interface_info>> list_by_netlink()
{
    std::vector<net::interface_info> interfaces;
    auto ec = dump(RTM_GETLINK, ifinfomsg{}, [&](nlmsghdr const& message) {
        if (message.nlmsg_type == RTM_NEWLINK)
            interfaces.push_back(read_link(message));
    });
    if (ec)
        return ec;
    ec = dump(RTM_GETADDR, ifaddrmsg{}, [&](nlmsghdr const& message) {
        if (message.nlmsg_type == RTM_NEWADDR)
            add_address(message, interfaces);
    });
    if (ec)
        return ec;
    std::ranges::sort(interfaces, {}, &net::interface_info::index);
    return interfaces;
}

} // namespace

result<std::vector<net::interface_info>> list_interfaces()
{
    auto all = list_by_netlink();
    return !all && without_netlink::is_denied(all.error()) ? without_netlink::list_interfaces()
                                                           : std::move(all);
}

std::string interface_name(native_socket socket, unsigned index)
{
    ifreq request{};
    request.ifr_ifindex = static_cast<int>(index);
    if (::ioctl(socket, SIOCGIFNAME, &request) != 0)
        return {};
    return request.ifr_name;
}

unsigned interface_index(native_socket socket, std::string const& name) noexcept
{
    auto request = request_for(name);
    if (name.size() >= sizeof request.ifr_name)
        return 0;
    bool const found = ::ioctl(socket, SIOCGIFINDEX, &request) == 0;
    return found ? static_cast<unsigned>(request.ifr_ifindex) : 0;
}

/// The carrier is known at once, while IFF_RUNNING follows it within a second.
bool can_carry(native_socket socket, std::string const& name) noexcept
{
    auto request = request_for(name);
    if (::ioctl(socket, SIOCGIFFLAGS, &request) != 0)
        return false;
    auto const flags = static_cast<unsigned short>(request.ifr_flags);
    if ((flags & IFF_UP) == 0)
        return false;
    ethtool_value carrier{ETHTOOL_GLINK, 0};
    request.ifr_data = reinterpret_cast<char*>(&carrier);
    bool const is_known = ::ioctl(socket, SIOCETHTOOL, &request) == 0;
    return is_known ? carrier.data != 0 : (flags & IFF_RUNNING) != 0;
}

result<unsigned> route_interface(asio::ip::address const& destination, std::string const& device)
{
    auto const within = device.empty() ? 0U : ::if_nametoindex(device.c_str());
    if (!device.empty() && within == 0)
        return error::device_refused;
    rtmsg body{};
    body.rtm_family = destination.is_v4() ? AF_INET : AF_INET6;
    body.rtm_dst_len = destination.is_v4() ? 32 : 128;
    netlink_request request(RTM_GETROUTE, 0, body);
    if (destination.is_v4()) {
        auto const bytes = destination.to_v4().to_bytes();
        request.attribute(RTA_DST, bytes.data(), bytes.size());
    } else {
        auto const bytes = destination.to_v6().to_bytes();
        request.attribute(RTA_DST, bytes.data(), bytes.size());
    }
    if (within != 0)
        request.attribute(RTA_OIF, &within, sizeof within);
    unsigned index = 0;
    auto const ec = netlink_ask(request, [&](nlmsghdr const& message) {
        if (message.nlmsg_type == RTM_NEWROUTE)
            netlink_attributes<rtmsg>(message, [&](auto type, auto bytes) {
                if (type == RTA_OIF)
                    index = value<unsigned>(bytes);
            });
    });
    // Of a route that prohibits it the kernel says the same, and says it there, too.
    if (without_netlink::is_denied(ec)) {
        auto const found = without_netlink::route_interface(destination, device);
        return !found && is_refused_by_route(found.error()) ? error::refused_by_route : found;
    }
    if (is_refused_by_route(ec))
        return error::refused_by_route;
    if (ec)
        return ec;
    if (index == 0)
        return error::no_multicast_route;
    return index;
}

} // namespace rollcast::os
