// SPDX-License-Identifier: BSL-1.0
#include "os/receive_socket.hpp"

#include "detail/address_scope.hpp"
#include "os/linux/feed_options.hpp"
#include "os/linux/last_error.hpp"
#include "os/linux/socket_options.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace rollcast::os {
namespace {

/// Every socket with SO_REUSEADDR hears multicast. SO_REUSEPORT is set only where the program
/// asks for it by name: it hands datagrams from the wire to the wrong socket.
bool share_as_asked(native_socket socket, port_sharing sharing) noexcept
{
    bool const shared = sharing != port_sharing::none;
    bool const balanced = sharing == port_sharing::multicast_and_balanced;
    return (!shared || set(socket, SOL_SOCKET, SO_REUSEADDR, 1)) &&
           (!balanced || set(socket, SOL_SOCKET, SO_REUSEPORT, 1));
}

/// Makes the socket deaf to groups that only other sockets of this host have joined.
bool isolate(native_socket socket, bool v4) noexcept
{
    if (v4)
        return set(socket, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
}

/// Asks for the interface and group of each datagram, unless they are known: for each one the
/// kernel would look into its routes.
bool ask_for_origin(native_socket socket, receive_options const& options) noexcept
{
    if (hears_one_group(socket, options.bind.address(), options.interface_index))
        return true;
    return options.bind.address().is_v4() ? set(socket, IPPROTO_IP, IP_PKTINFO, 1)
                                          : set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

bool ask_for_metadata(native_socket socket, bool v4, metadata_mask mask) noexcept
{
    bool ok = set(socket, SOL_SOCKET, SO_RXQ_OVFL, 1);
    if (contains(mask, metadata_mask::hop_limit))
        ok = ok && (v4 ? set(socket, IPPROTO_IP, IP_RECVTTL, 1)
                       : set(socket, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1));
    if (contains(mask, metadata_mask::traffic_class))
        ok = ok && (v4 ? set(socket, IPPROTO_IP, IP_RECVTOS, 1)
                       : set(socket, IPPROTO_IPV6, IPV6_RECVTCLASS, 1));
    if (contains(mask, metadata_mask::receive_time))
        ok = ok && set(socket, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    return ok;
}

void store(sockaddr_storage& into, asio::ip::address const& address) noexcept
{
    asio::ip::udp::endpoint const endpoint(address, 0);
    std::memcpy(&into, endpoint.data(), endpoint.size());
}

error_code about_group(native_socket socket, int request_name, asio::ip::address const& group,
                       unsigned interface_index) noexcept
{
    group_req request{};
    request.gr_interface = interface_index;
    store(request.gr_group, group);
    auto const done =
        ::setsockopt(socket, level(group), request_name, &request, sizeof request) == 0;
    return done ? error_code{} : last_error();
}

error_code about_source(native_socket socket, int request_name, asio::ip::address const& group,
                        unsigned interface_index, asio::ip::address const& source) noexcept
{
    group_source_req request{};
    request.gsr_interface = interface_index;
    store(request.gsr_group, group);
    store(request.gsr_source, source);
    auto const done =
        ::setsockopt(socket, level(group), request_name, &request, sizeof request) == 0;
    return done ? error_code{} : last_error();
}

} // namespace

result<owned_socket> open_receiver(receive_options const& options)
{
    auto socket = new_socket(options.bind.address());
    if (socket.get() < 0)
        return last_error();
    // Everything before bind: a datagram that arrives in between would be queued unfiltered.
    if (!share_as_asked(socket.get(), options.sharing))
        return last_error();
    // Before Linux 5.7 this takes CAP_NET_RAW. A socket that is not bound to the interface hears
    // more, and the subscription looks at where each datagram came in.
    if (options.interface_index != 0)
        (void)hear_only(socket.get(), options.interface_index);
    if (auto const ec = prepare_receiver(socket.get(), options))
        return ec;
    if (!bind_to(socket.get(), options.bind))
        return last_error();
    return socket;
}

error_code hear_only(native_socket socket, unsigned interface_index) noexcept
{
    auto const index = static_cast<int>(interface_index);
    return set(socket, SOL_SOCKET, SO_BINDTOIFINDEX, index) ? error_code() : last_error();
}

unsigned only_interface(native_socket socket) noexcept
{
    return static_cast<unsigned>(std::max(get(socket, SOL_SOCKET, SO_BINDTOIFINDEX), 0));
}

bool hears_one_group(native_socket socket, asio::ip::address const& bound,
                     unsigned interface_index) noexcept
{
    return interface_index != 0 && bound.is_multicast() &&
           only_interface(socket) == interface_index;
}

void share_port(native_socket socket, bool on) noexcept
{
    (void)set(socket, SOL_SOCKET, SO_REUSEADDR, on);
}

error_code check_receiver(native_socket socket, net::group const& group)
{
    if (auto const ec = check_kind(socket, group.address))
        return ec;
    auto const endpoint = bound_endpoint(socket);
    if (!endpoint)
        return endpoint.error();
    if (endpoint->port() != group.port)
        return error::socket_port_mismatch;
    auto const bound = detail::unscoped(endpoint->address());
    bool const hears_it = bound.is_unspecified() || bound == detail::unscoped(group.address);
    return hears_it ? error_code{} : error_code(error::socket_address_mismatch);
}

error_code prepare_receiver(native_socket socket, receive_options const& options)
{
    bool const v4 = options.bind.address().is_v4();
    int const on = 1;
    bool ok = ::ioctl(socket, FIONBIO, &on) == 0 && isolate(socket, v4) &&
              ask_for_origin(socket, options) && ask_for_metadata(socket, v4, options.metadata);
    if (options.receive_buffer != 0)
        ok = ok && set_buffer(socket, SO_RCVBUFFORCE, SO_RCVBUF, options.receive_buffer);
    if (!ok)
        return last_error();
    (void)set(socket, IPPROTO_UDP, UDP_GRO, options.coalesce); // an old kernel lacks it
    return set_feed_options(socket, options);
}

error_code join(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                std::optional<asio::ip::address> const& source)
{
    return source ? about_source(socket, MCAST_JOIN_SOURCE_GROUP, group, interface_index, *source)
                  : about_group(socket, MCAST_JOIN_GROUP, group, interface_index);
}

error_code leave(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                 std::optional<asio::ip::address> const& source)
{
    return source ? about_source(socket, MCAST_LEAVE_SOURCE_GROUP, group, interface_index, *source)
                  : about_group(socket, MCAST_LEAVE_GROUP, group, interface_index);
}

bool is_member(native_socket socket, asio::ip::address const& group,
               unsigned interface_index) noexcept
{
    group_filter filter{};
    filter.gf_interface = interface_index;
    store(filter.gf_group, group);
    socklen_t size = sizeof filter;
    return ::getsockopt(socket, level(group), MCAST_MSFILTER, &filter, &size) == 0;
}

error_code block(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                 asio::ip::address const& source)
{
    return about_source(socket, MCAST_BLOCK_SOURCE, group, interface_index, source);
}

error_code unblock(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                   asio::ip::address const& source)
{
    return about_source(socket, MCAST_UNBLOCK_SOURCE, group, interface_index, source);
}

std::size_t receive_buffer_size(native_socket socket) noexcept
{
    return static_cast<std::size_t>(std::max(get(socket, SOL_SOCKET, SO_RCVBUF), 0)) /
           2; // Linux doubles what was asked for
}

bool has_empty_queue(native_socket socket) noexcept
{
    return ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

void discard_queued(native_socket socket) noexcept
{
    while (::recv(socket, nullptr, 0, MSG_TRUNC) >= 0) {
    }
}

} // namespace rollcast::os
