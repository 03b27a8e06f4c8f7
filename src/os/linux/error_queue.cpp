// SPDX-License-Identifier: BSL-1.0
#include "os/error_queue.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <linux/errqueue.h>

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

bool is_extended_error(cmsghdr const& header) noexcept
{
    bool const v4 = header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR;
    bool const v6 = header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR;
    return (v4 || v6) && header.cmsg_len >= CMSG_LEN(sizeof(sock_extended_err));
}

void read_error(cmsghdr& header, queued_error& out) noexcept
{
    sock_extended_err told;
    std::memcpy(&told, CMSG_DATA(&header), sizeof told);
    out.from_network = told.ee_origin == SO_EE_ORIGIN_ICMP || told.ee_origin == SO_EE_ORIGIN_ICMP6;
    out.error = {static_cast<int>(told.ee_errno), boost::system::system_category()};
    if (told.ee_errno == EMSGSIZE)
        out.mtu = told.ee_info;
    // Whoever told it stands behind it: as much as an address of its IP version takes.
    sockaddr_in6 offender{};
    auto const there = header.cmsg_len - CMSG_LEN(sizeof told);
    std::memcpy(&offender, CMSG_DATA(&header) + sizeof told, std::min(there, sizeof offender));
    out.reporter = address_in(reinterpret_cast<sockaddr const&>(offender));
}

} // namespace

std::optional<queued_error> take_queued_error(native_socket socket) noexcept
{
    alignas(cmsghdr) std::array<std::byte, 512> control{};
    queued_error result;
    msghdr message{};
    message.msg_name = result.destination.data();
    message.msg_namelen = static_cast<socklen_t>(result.destination.capacity());
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (::recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
        return std::nullopt;
    result.destination.resize(message.msg_namelen);
    for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header))
        if (is_extended_error(*header))
            read_error(*header, result);
    return result;
}

} // namespace rollcast::os
