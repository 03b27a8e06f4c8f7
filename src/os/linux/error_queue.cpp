// SPDX-License-Identifier: BSL-1.0
#include "os/linux/error_reports.hpp"

#include "os/linux/timestamps.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

namespace rollcast::os {
namespace {

asio::ip::address address_in(sockaddr const& from) noexcept
{
    asio::ip::udp::endpoint endpoint;
    if (from.sa_family == AF_INET)
        std::memcpy(endpoint.data(), &from, sizeof(sockaddr_in));
    else if (from.sa_family == AF_INET6)
        std::memcpy(endpoint.data(), &from, sizeof(sockaddr_in6));
    else
        return {};
    return endpoint.address();
}

report_kind kind_of(sock_extended_err const& told) noexcept
{
    switch (told.ee_origin) {
    case SO_EE_ORIGIN_ICMP:
    case SO_EE_ORIGIN_ICMP6:
        return report_kind::network;
    case SO_EE_ORIGIN_TXTIME:
        return report_kind::launch;
    case SO_EE_ORIGIN_TIMESTAMPING:
        return report_kind::departure;
    default:
        return report_kind::other;
    }
}

error_code error_of(sock_extended_err const& told) noexcept
{
    if (told.ee_origin == SO_EE_ORIGIN_TXTIME)
        return told.ee_code == SO_EE_CODE_TXTIME_MISSED ? error::launch_time_missed
                                                        : error::launch_time_invalid;
    return {static_cast<int>(told.ee_errno), boost::system::system_category()};
}

bool is_extended_error(cmsghdr const& header) noexcept
{
    bool const v4 = header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR;
    bool const v6 = header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR;
    return (v4 || v6) && header.cmsg_len >= CMSG_LEN(sizeof(sock_extended_err));
}

void read_error(cmsghdr& header, queued_report& out) noexcept
{
    sock_extended_err told;
    std::memcpy(&told, CMSG_DATA(&header), sizeof told);
    out.kind = kind_of(told);
    out.error = error_of(told);
    out.number = told.ee_data;
    if (out.kind == report_kind::launch)
        out.launch = net::launch_time(std::chrono::nanoseconds(
            static_cast<std::int64_t>(std::uint64_t{told.ee_data} << 32 | told.ee_info)));
    if (told.ee_errno == EMSGSIZE)
        out.mtu = told.ee_info;
    // The address of the router or host that told it follows, in the size of its IP version.
    sockaddr_in6 offender{};
    auto const there = header.cmsg_len - CMSG_LEN(sizeof told);
    std::memcpy(&offender, CMSG_DATA(&header) + sizeof told, std::min(there, sizeof offender));
    out.reporter = address_in(reinterpret_cast<sockaddr const&>(offender));
}

void read_times(cmsghdr& header, queued_report& out) noexcept
{
    scm_timestamping times;
    std::memcpy(&times, CMSG_DATA(&header), sizeof times);
    auto const by_hardware = hardware_time_of(times);
    auto const at = by_hardware ? by_hardware : kernel_time_of(times);
    if (!at)
        return;
    out.at = *at;
    out.source = by_hardware ? net::time_source::hardware : net::time_source::kernel;
}

bool holds_times(cmsghdr const& header) noexcept
{
    return header.cmsg_level == SOL_SOCKET && header.cmsg_type == SCM_TIMESTAMPING &&
           header.cmsg_len >= CMSG_LEN(sizeof(scm_timestamping));
}

} // namespace

void read_queued_report(msghdr const& message, queued_report& out) noexcept
{
    auto& walked = const_cast<msghdr&>(message);
    for (auto* header = CMSG_FIRSTHDR(&walked); header; header = CMSG_NXTHDR(&walked, header)) {
        if (is_extended_error(*header))
            read_error(*header, out);
        else if (holds_times(*header))
            read_times(*header, out);
    }
}

std::optional<queued_report> take_queued_report(native_socket socket) noexcept
{
    alignas(cmsghdr) std::array<std::byte, 512> control{};
    queued_report result;
    msghdr message{};
    message.msg_name = result.destination.data();
    message.msg_namelen = static_cast<socklen_t>(result.destination.capacity());
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return std::nullopt;
    result.destination.resize(message.msg_namelen);
    read_queued_report(message, result);
    return result;
}

} // namespace rollcast::os
