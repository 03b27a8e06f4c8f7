// SPDX-License-Identifier: BSL-1.0
#include "os/linux/control_messages.hpp"

#include "os/linux/timestamps.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>

#include <netinet/in.h>
#include <netinet/udp.h>

namespace rollcast::os {
namespace {

template <class T>
T read(cmsghdr const& header) noexcept
{
    T value;
    std::memcpy(&value, CMSG_DATA(const_cast<cmsghdr*>(&header)), sizeof value);
    return value;
}

template <class T>
bool holds(cmsghdr const& header) noexcept
{
    return header.cmsg_len >= CMSG_LEN(sizeof(T));
}

void tell_time(std::optional<net::kernel_time> const& value, net::time_source source,
               packet& out) noexcept
{
    if (!value)
        return;
    out.metadata.received_at = value;
    out.metadata.receive_time_source = source;
}

void take_ipv4(cmsghdr const& header, packet& out) noexcept
{
    if (header.cmsg_type == IP_PKTINFO && holds<in_pktinfo>(header)) {
        auto const info = read<in_pktinfo>(header);
        out.group.address = asio::ip::address_v4(ntohl(info.ipi_addr.s_addr));
        out.metadata.interface_index = static_cast<unsigned>(info.ipi_ifindex);
    } else if (header.cmsg_type == IP_TTL && holds<int>(header)) {
        out.metadata.hop_limit = static_cast<std::uint8_t>(read<int>(header));
    } else if (header.cmsg_type == IP_TOS && holds<std::uint8_t>(header)) {
        out.metadata.traffic_class = read<std::uint8_t>(header);
    }
}

void take_ipv6(cmsghdr const& header, packet& out) noexcept
{
    if (header.cmsg_type == IPV6_PKTINFO && holds<in6_pktinfo>(header)) {
        auto const info = read<in6_pktinfo>(header);
        asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
        out.group.address = asio::ip::address_v6(bytes);
        out.metadata.interface_index = info.ipi6_ifindex;
    } else if (header.cmsg_type == IPV6_HOPLIMIT && holds<int>(header)) {
        out.metadata.hop_limit = static_cast<std::uint8_t>(read<int>(header));
    } else if (header.cmsg_type == IPV6_TCLASS && holds<int>(header)) {
        out.metadata.traffic_class = static_cast<std::uint8_t>(read<int>(header));
    }
}

void take_generic(cmsghdr const& header, packet& out) noexcept
{
    if (header.cmsg_type == SCM_TIMESTAMPNS && holds<timespec>(header)) {
        if (out.metadata.receive_time_source == net::time_source::none) // or the adapter's is there
            tell_time(time_of(read<timespec>(header)), net::time_source::kernel, out);
    } else if (header.cmsg_type == SCM_TIMESTAMPING && holds<scm_timestamping>(header)) {
        auto const times = read<scm_timestamping>(header);
        tell_time(hardware_time_of(times), net::time_source::hardware, out);
    } else if (header.cmsg_type == SO_RXQ_OVFL && holds<std::uint32_t>(header)) {
        out.metadata.dropped = read<std::uint32_t>(header);
    }
}

void take_run(cmsghdr const& header, detail::filled_buffer& out) noexcept
{
    if (header.cmsg_type != UDP_GRO || !holds<int>(header))
        return;
    auto const size = read<int>(header);
    if (size > 0)
        out.datagram_size = std::min(static_cast<std::size_t>(size), out.whole.payload.size());
}

void take_one(cmsghdr const& header, detail::filled_buffer& out) noexcept
{
    switch (header.cmsg_level) {
    case IPPROTO_IP:
        return take_ipv4(header, out.whole);
    case IPPROTO_IPV6:
        return take_ipv6(header, out.whole);
    case SOL_SOCKET:
        return take_generic(header, out.whole);
    case IPPROTO_UDP:
        return take_run(header, out);
    default:
        return;
    }
}

void reset(packet& out) noexcept
{
    out.group.address = asio::ip::address();
    out.metadata.interface_index = 0;
    out.metadata.dropped = 0;
    out.metadata.hop_limit.reset();
    out.metadata.traffic_class.reset();
    out.metadata.received_at.reset();
    out.metadata.receive_time_source = net::time_source::none;
}

} // namespace

/// Walks the control messages by hand: the CMSG macros cost more than what they find.
void take_control_messages(msghdr const& message, detail::filled_buffer& out) noexcept
{
    reset(out.whole);
    auto const* at = static_cast<std::byte const*>(message.msg_control);
    for (auto left = message.msg_controllen; left >= sizeof(cmsghdr);) {
        auto const& header = *reinterpret_cast<cmsghdr const*>(at);
        if (header.cmsg_len < sizeof header || header.cmsg_len > left)
            return;
        take_one(header, out);
        auto const length = CMSG_ALIGN(header.cmsg_len);
        if (length >= left)
            return;
        at += length;
        left -= length;
    }
}

} // namespace rollcast::os
