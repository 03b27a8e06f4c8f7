// SPDX-License-Identifier: BSL-1.0
#include "receive/bare_metadata.hpp"

#include "support/system.hpp"

#include <cstring>

#include <netinet/udp.h>

namespace rollcast::bench {
namespace {

void enable(int socket, int level, int name)
{
    int const on = 1;
    check(::setsockopt(socket, level, name, &on, sizeof on), "setsockopt");
}

template <class T>
void copy(cmsghdr const* header, T& out) noexcept
{
    std::memcpy(&out, CMSG_DATA(header), sizeof out);
}

void read_ip(cmsghdr const* header, bare_metadata& out) noexcept
{
    if (header->cmsg_type == IP_PKTINFO) {
        in_pktinfo info;
        copy(header, info);
        out.destination = info.ipi_addr;
        out.interface_index = info.ipi_ifindex;
    } else if (header->cmsg_type == IP_TTL) {
        copy(header, out.hop_limit);
    } else if (header->cmsg_type == IP_TOS) {
        out.traffic_class = *CMSG_DATA(header);
    }
}

void read_socket(cmsghdr const* header, bare_metadata& out) noexcept
{
    if (header->cmsg_type == SO_RXQ_OVFL)
        copy(header, out.dropped);
    else if (header->cmsg_type == SCM_TIMESTAMPNS)
        copy(header, out.received_at);
}

} // namespace

void ask_for_metadata(int socket, metadata_mask mask)
{
    enable(socket, SOL_SOCKET, SO_RXQ_OVFL);
    enable(socket, IPPROTO_IP, IP_PKTINFO);
    if (contains(mask, metadata_mask::hop_limit))
        enable(socket, IPPROTO_IP, IP_RECVTTL);
    if (contains(mask, metadata_mask::traffic_class))
        enable(socket, IPPROTO_IP, IP_RECVTOS);
    if (contains(mask, metadata_mask::receive_time))
        enable(socket, SOL_SOCKET, SO_TIMESTAMPNS);
}

bare_socket open_receiver(receive_setup const& setup)
{
    auto socket = open_receiver(setup.group);
    ask_for_metadata(socket.get(), setup.metadata);
    if (setup.coalesce)
        ask_for_runs(socket.get());
    return socket;
}

void read_metadata(msghdr& message, bare_metadata& out) noexcept
{
    for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == IPPROTO_IP)
            read_ip(header, out);
        else if (header->cmsg_level == SOL_SOCKET)
            read_socket(header, out);
        else if (header->cmsg_level == IPPROTO_UDP && header->cmsg_type == UDP_GRO)
            copy(header, out.segment_size);
    }
}

} // namespace rollcast::bench
