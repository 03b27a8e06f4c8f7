// SPDX-License-Identifier: BSL-1.0
#include "os/linux/without_netlink.hpp"

#include "os/linux/feed_options.hpp"
#include "os/linux/interface_request.hpp"
#include "os/linux/last_error.hpp"
#include "os/linux/proc_words.hpp"
#include "os/linux/socket_options.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

#include <linux/if_addr.h>
#include <linux/route.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>

namespace rollcast::os::without_netlink {
namespace {

using interfaces = std::vector<net::interface_info>;

constexpr std::size_t longest_list = 4096; // addresses

std::string first_line(std::string const& path)
{
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// The bridge, bond or team that an interface is a part of; a virtual routing domain (VRF) does not
/// speak for its parts.
unsigned master_of(std::string const& name)
{
    auto const master = "/sys/class/net/" + name + "/master";
    std::ifstream kind(master + "/uevent");
    for (std::string line; std::getline(kind, line);)
        if (line == "DEVTYPE=vrf")
            return 0;
    auto const index = first_line(master + "/ifindex");
    return index.empty() ? 0 : static_cast<unsigned>(std::stoul(index));
}

net::interface_info describe(native_socket socket, std::string const& name)
{
    net::interface_info info;
    info.name = name;
    info.master = master_of(name);
    auto request = request_for(name);
    if (::ioctl(socket, SIOCGIFINDEX, &request) == 0)
        info.index = static_cast<unsigned>(request.ifr_ifindex);
    if (::ioctl(socket, SIOCGIFMTU, &request) == 0)
        info.mtu = static_cast<unsigned>(request.ifr_mtu);
    if (::ioctl(socket, SIOCGIFFLAGS, &request) == 0) {
        auto const flags = static_cast<unsigned short>(request.ifr_flags);
        info.up = (flags & IFF_UP) != 0 && (flags & IFF_RUNNING) != 0;
        info.loopback = (flags & IFF_LOOPBACK) != 0;
        info.multicast = (flags & IFF_MULTICAST) != 0;
    }
    return info;
}

/// Below two lines of headings, each line begins with a name and a colon. The file is the thread's,
/// since a thread may have gone to another network namespace than the process.
interfaces named_in_proc(native_socket socket)
{
    interfaces all;
    std::ifstream file("/proc/thread-self/net/dev");
    for (std::string line; std::getline(file, line);) {
        auto const begin = line.find_first_not_of(' ');
        auto const end = line.find(':');
        if (begin == std::string::npos || end == std::string::npos)
            continue;
        auto info = describe(socket, line.substr(begin, end - begin));
        if (info.index != 0) // else the interface went meanwhile
            all.push_back(std::move(info));
    }
    return all;
}

asio::ip::address_v4 ipv4_in(sockaddr const& from) noexcept
{
    sockaddr_in address;
    std::memcpy(&address, &from, sizeof address);
    return asio::ip::address_v4(ntohl(address.sin_addr.s_addr));
}

/// Asks with the request of one address, of which the interface may have several.
unsigned prefix_length_of(native_socket socket, ifreq request) noexcept
{
    if (::ioctl(socket, SIOCGIFNETMASK, &request) != 0)
        return 32;
    return static_cast<unsigned>(std::popcount(ipv4_in(request.ifr_addr).to_uint()));
}

error_code add_ipv4(native_socket socket, interfaces& to)
{
    std::vector<ifreq> requests(longest_list);
    ifconf list{};
    list.ifc_len = static_cast<int>(requests.size() * sizeof(ifreq));
    list.ifc_req = requests.data();
    if (::ioctl(socket, SIOCGIFCONF, &list) != 0)
        return last_error();
    requests.resize(static_cast<std::size_t>(list.ifc_len) / sizeof(ifreq));
    for (auto const& each : requests) {
        std::string name(each.ifr_name, ::strnlen(each.ifr_name, sizeof each.ifr_name));
        name = name.substr(0, name.find(':')); // the rest is a label of the address
        auto const owner = std::ranges::find(to, name, &net::interface_info::name);
        if (owner != to.end())
            owner->addresses.push_back({ipv4_in(each.ifr_addr), prefix_length_of(socket, each)});
    }
    return {};
}

/// Each line: address, index, prefix length, scope, flags and name.
void add_ipv6(interfaces& to)
{
    std::ifstream file("/proc/thread-self/net/if_inet6");
    for (std::string line; std::getline(file, line);) {
        auto const parts = words(line);
        if (parts.size() < 6)
            continue;
        auto const index = hexadecimal(parts[1]);
        auto const flags = hexadecimal(parts[4]);
        auto const owner = std::ranges::find(to, index, &net::interface_info::index);
        if (owner == to.end())
            continue;
        if ((flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0) {
            owner->unusable.push_back({ipv6_in(parts[0], index), (flags & IFA_F_DADFAILED) != 0});
            continue;
        }
        owner->addresses.push_back({ipv6_in(parts[0], index), hexadecimal(parts[2]),
                                    (flags & IFA_F_DEPRECATED) != 0,
                                    (flags & IFA_F_TEMPORARY) != 0});
    }
}

void add_index_of(std::string const& name, std::vector<unsigned>& into)
{
    if (auto const index = ::if_nametoindex(name.c_str()); index != 0)
        into.push_back(index);
}

} // namespace

bool is_denied(error_code const& ec) noexcept
{
    using namespace boost::system::errc;
    return ec == permission_denied || ec == operation_not_permitted ||
           ec == address_family_not_supported || ec == protocol_not_supported;
}

result<std::vector<net::interface_info>> list_interfaces()
{
    owned_socket const socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.is_open())
        return last_error();
    auto all = named_in_proc(socket.get());
    if (auto const ec = add_ipv4(socket.get(), all))
        return ec;
    add_ipv6(all);
    std::ranges::sort(all, {}, &net::interface_info::index);
    return all;
}

/// A socket that connects is given the source of the interface that the route leads to.
result<unsigned> route_interface(asio::ip::address const& destination, std::string const& device)
{
    auto const socket = new_socket(destination);
    if (socket.is_open() && !device.empty())
        if (auto const ec = bind_to_device(socket.get(), ::if_nametoindex(device.c_str())))
            return ec;
    asio::ip::udp::endpoint const to(destination, 9);
    if (!socket.is_open() ||
        ::connect(socket.get(), to.data(), static_cast<socklen_t>(to.size())) != 0)
        return last_error();
    auto const source = bound_endpoint(socket.get());
    if (!source)
        return source.error();
    auto const all = without_netlink::list_interfaces();
    if (!all)
        return all.error();
    auto const within = device.empty() ? 0U : ::if_nametoindex(device.c_str());
    auto const owner = std::ranges::find_if(*all, [&](net::interface_info const& each) {
        return each.has(source->address()) && (within == 0 || each.master == within);
    });
    if (owner != all->end())
        return owner->index;
    return within == 0 ? result<unsigned>(error::no_multicast_route) : within;
}

std::vector<unsigned> default_route_interfaces()
{
    std::vector<unsigned> all;
    std::ifstream ipv4(
        "/proc/thread-self/net/route"); // name, destination, gateway, flags, ..., mask at the 8th
    for (std::string line; std::getline(ipv4, line);) {
        auto const parts = words(line);
        bool const is_default =
            parts.size() > 7 && parts[1] == "00000000" && parts[7] == "00000000";
        if (is_default && (hexadecimal(parts[3]) & RTF_REJECT) == 0)
            add_index_of(parts[0], all);
    }
    std::ifstream ipv6(
        "/proc/thread-self/net/ipv6_route"); // destination, its length, ..., flags and name
    for (std::string line; std::getline(ipv6, line);) {
        auto const parts = words(line);
        bool const is_default =
            parts.size() > 9 && parts[0] == std::string(32, '0') && parts[1] == "00";
        if (is_default && (hexadecimal(parts[8]) & RTF_REJECT) == 0)
            add_index_of(parts[9], all);
    }
    return all;
}

} // namespace rollcast::os::without_netlink
