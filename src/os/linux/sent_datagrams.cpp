// SPDX-License-Identifier: BSL-1.0
#include "os/send_socket.hpp"

#include "os/linux/last_error.hpp"
#include "os/linux/sent_control.hpp"

#include <array>
#include <climits>
#include <cstring>
#include <optional>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

// Single datagrams out of and into a socket that sends; burst.cpp has many at once.

namespace rollcast::os {
namespace {

void attach_origin(msghdr& message, single_control<in6_pktinfo>& control, origin const& from,
                   bool v4) noexcept
{
    if (v4) {
        in_pktinfo info{};
        info.ipi_ifindex = static_cast<int>(from.interface_index);
        if (from.address.is_v4())
            info.ipi_spec_dst.s_addr = htonl(from.address.to_v4().to_uint());
        return attach(message, control, IPPROTO_IP, IP_PKTINFO, info);
    }
    in6_pktinfo info{};
    info.ipi6_ifindex = from.interface_index;
    if (from.address.is_v6()) {
        auto const bytes = from.address.to_v6().to_bytes();
        std::memcpy(&info.ipi6_addr, bytes.data(), bytes.size());
    }
    attach(message, control, IPPROTO_IPV6, IPV6_PKTINFO, info);
}

void read_origin(in_pktinfo const& info, arrival& what) noexcept
{
    what.destination = asio::ip::address_v4(ntohl(info.ipi_addr.s_addr));
    what.interface_index = static_cast<unsigned>(info.ipi_ifindex);
}

/// The address has its scope where it needs one.
void read_origin(in6_pktinfo const& info, arrival& what) noexcept
{
    asio::ip::address_v6::bytes_type bytes;
    std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
    asio::ip::address_v6 address(bytes);
    if (address.is_link_local())
        address.scope_id(info.ipi6_ifindex);
    what.destination = address;
    what.interface_index = info.ipi6_ifindex;
}

template <class Info>
void read_origin_in(cmsghdr const* header, arrival& what) noexcept
{
    Info info;
    std::memcpy(&info, CMSG_DATA(header), sizeof info);
    read_origin(info, what);
}

/// Where a datagram came to, and by which interface.
void read_origin(msghdr& message, arrival& what) noexcept
{
    for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO)
            read_origin_in<in_pktinfo>(header, what);
        else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO)
            read_origin_in<in6_pktinfo>(header, what);
    }
}

} // namespace

error_code send(native_socket socket, std::span<asio::const_buffer const> pieces,
                asio::ip::udp::endpoint const* destination,
                std::optional<net::launch_time> launch) noexcept
{
    auto const* name = destination ? destination->data() : nullptr;
    auto const length = destination ? static_cast<socklen_t>(destination->size()) : socklen_t{0};
    if (pieces.size() == 1 && !launch) {
        auto const sent = ::sendto(socket, pieces.front().data(), pieces.front().size(),
                                   MSG_NOSIGNAL, name, length);
        return sent < 0 ? last_error() : error_code{};
    }
    std::array<iovec, IOV_MAX> vectors;
    if (pieces.size() > vectors.size())
        return {EMSGSIZE, boost::system::system_category()};
    std::ranges::transform(pieces, vectors.begin(), [](asio::const_buffer const& each) {
        return iovec{const_cast<void*>(each.data()), each.size()};
    });
    msghdr message{};
    message.msg_name = const_cast<sockaddr*>(name);
    message.msg_namelen = length;
    message.msg_iov = vectors.data();
    message.msg_iovlen = pieces.size();
    single_control<std::uint64_t> control;
    if (launch)
        attach_launch_time(message, control, *launch);
    return ::sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? last_error() : error_code{};
}

error_code send_from(native_socket socket, origin const& from, asio::const_buffer payload,
                     asio::ip::udp::endpoint const& destination) noexcept
{
    single_control<in6_pktinfo> control;
    iovec vector{const_cast<void*>(payload.data()), payload.size()};
    msghdr message{};
    message.msg_name = const_cast<sockaddr*>(destination.data());
    message.msg_namelen = static_cast<socklen_t>(destination.size());
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    attach_origin(message, control, from, destination.address().is_v4());
    return ::sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? last_error() : error_code{};
}

error_code receive_from(native_socket socket, asio::mutable_buffer into, arrival& what) noexcept
{
    alignas(cmsghdr) std::array<std::byte, 256> control{}; // an adopted socket may tell more
    iovec vector{into.data(), into.size()};
    msghdr message{};
    message.msg_name = what.source.data();
    message.msg_namelen = static_cast<socklen_t>(what.source.capacity());
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto const got = ::recvmsg(socket, &message, 0);
    if (got < 0)
        return last_error();
    what.source.resize(message.msg_namelen);
    what.size = static_cast<std::size_t>(got);
    what.truncated = (message.msg_flags & MSG_TRUNC) != 0;
    read_origin(message, what);
    return {};
}

} // namespace rollcast::os
