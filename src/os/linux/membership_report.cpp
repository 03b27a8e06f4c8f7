// SPDX-License-Identifier: BSL-1.0
#include "os/membership_report.hpp"

#include "os/linux/last_error.hpp"
#include "os/linux/socket_options.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

namespace rollcast::os {
namespace {

using octets = std::vector<std::uint8_t>;

// RFC 3376, 4.2, and RFC 3810, 5.2: they differ in the type and in the size of addresses.
constexpr std::uint8_t igmp_report = 0x22;
constexpr std::uint8_t mld_report = 143;
constexpr std::uint8_t igmp_v2_report = 0x16; // RFC 2236, 2.1
constexpr std::uint8_t mode_is_include = 1;
constexpr std::uint8_t mode_is_exclude = 2;
constexpr std::size_t checksum_at = 2;
constexpr char const* igmp_routers = "224.0.0.22";
constexpr char const* mld_routers = "ff02::16";

constexpr std::array<std::uint8_t, 4> ipv4_router_alert{148, 4, 0, 0};
/// Hop-by-hop options: 8 octets in all, the alert for MLD, and padding.
constexpr std::array<std::uint8_t, 8> ipv6_router_alert{0, 0, 5, 2, 0, 0, 1, 0};
constexpr int internetwork_control = 0xc0; ///< The precedence that such reports have.

void append(octets& to, asio::ip::address const& address)
{
    auto const put = [&](auto const& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); };
    if (address.is_v4())
        put(address.to_v4().to_bytes());
    else
        put(address.to_v6().to_bytes());
}

void append_number(octets& to, std::size_t number)
{
    to.push_back(static_cast<std::uint8_t>(number >> 8));
    to.push_back(static_cast<std::uint8_t>(number));
}

octets report_of(asio::ip::address const& group, std::span<asio::ip::address const> sources)
{
    octets report{group.is_v4() ? igmp_report : mld_report, 0, 0, 0, 0, 0};
    append_number(report, 1); // record
    report.push_back(sources.empty() ? mode_is_exclude : mode_is_include);
    report.push_back(0); // auxiliary data
    append_number(report, sources.size());
    append(report, group);
    for (auto const& each : sources)
        append(report, each);
    return report;
}

/// The checksum of IGMP; that of ICMPv6, which covers addresses too, the kernel makes.
void add_checksum(octets& report)
{
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < report.size(); i += 2)
        sum += static_cast<std::uint32_t>(report[i] << 8 | report[i + 1]);
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    report[checksum_at] = static_cast<std::uint8_t>(~sum >> 8);
    report[checksum_at + 1] = static_cast<std::uint8_t>(~sum);
}

/// The report goes to all routers of the link and no farther, and not back to this host.
bool prepare_ipv4(native_socket socket, unsigned interface_index)
{
    ip_mreqn link{};
    link.imr_ifindex = static_cast<int>(interface_index);
    return ::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &link, sizeof link) == 0 &&
           ::setsockopt(socket, IPPROTO_IP, IP_OPTIONS, ipv4_router_alert.data(),
                        ipv4_router_alert.size()) == 0 &&
           set(socket, IPPROTO_IP, IP_TOS, internetwork_control) &&
           set(socket, IPPROTO_IP, IP_MULTICAST_TTL, 1) &&
           set(socket, IPPROTO_IP, IP_MULTICAST_LOOP, 0);
}

bool prepare_ipv6(native_socket socket, unsigned interface_index)
{
    return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, static_cast<int>(interface_index)) &&
           ::setsockopt(socket, IPPROTO_IPV6, IPV6_HOPOPTS, ipv6_router_alert.data(),
                        ipv6_router_alert.size()) == 0 &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 1) &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
}

asio::ip::udp::endpoint routers_on(unsigned interface_index, bool v4)
{
    if (v4)
        return {asio::ip::make_address_v4(igmp_routers), 0};
    auto address = asio::ip::make_address_v6(mld_routers);
    address.scope_id(interface_index);
    return {address, 0};
}

error_code send_report(octets report, asio::ip::udp::endpoint const& to, unsigned interface_index)
{
    bool const v4 = to.address().is_v4();
    owned_socket const raw(::socket(family(to.address()), SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
                                    v4 ? int(IPPROTO_IGMP) : int(IPPROTO_ICMPV6)));
    if (!raw.is_open())
        return last_error();
    if (!(v4 ? prepare_ipv4(raw.get(), interface_index) : prepare_ipv6(raw.get(), interface_index)))
        return last_error();
    if (v4)
        add_checksum(report);
    auto const sent = ::sendto(raw.get(), report.data(), report.size(), MSG_NOSIGNAL, to.data(),
                               static_cast<socklen_t>(to.size()));
    return sent < 0 ? last_error() : error_code{};
}

} // namespace

error_code report_membership(asio::ip::address const& group, unsigned interface_index,
                             std::span<asio::ip::address const> sources)
{
    return send_report(report_of(group, sources), routers_on(interface_index, group.is_v4()),
                       interface_index);
}

error_code report_membership_as_igmp_v2(asio::ip::address const& group, unsigned interface_index)
{
    octets report{igmp_v2_report, 0, 0, 0};
    append(report, group);
    return send_report(std::move(report), {group, 0}, interface_index);
}

} // namespace rollcast::os
