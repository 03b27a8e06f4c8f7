// SPDX-License-Identifier: BSL-1.0
#include "os/multicast_socket.hpp"

#include "os/linux/last_error.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rollcast::os {
namespace {

int family(asio::ip::address const& address) noexcept
{
    return address.is_v4() ? AF_INET : AF_INET6;
}

int level(asio::ip::address const& address) noexcept
{
    return address.is_v4() ? IPPROTO_IP : IPPROTO_IPV6;
}

bool set(native_socket socket, int at, int name, int value) noexcept
{
    return ::setsockopt(socket, at, name, &value, sizeof value) == 0;
}

int get(native_socket socket, int at, int name) noexcept
{
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, at, name, &value, &size) == 0 ? value : -1;
}

/// Every socket with SO_REUSEADDR hears multicast. SO_REUSEPORT is for those who ask by name: it
/// hands datagrams from the wire to the wrong socket.
bool share_port(native_socket socket, port_sharing sharing) noexcept
{
    bool const shared = sharing != port_sharing::none;
    bool const balanced = sharing == port_sharing::multicast_and_balanced;
    return (!shared || set(socket, SOL_SOCKET, SO_REUSEADDR, 1)) &&
           (!balanced || set(socket, SOL_SOCKET, SO_REUSEPORT, 1));
}

/// The kernel caps it anyway; half the range leaves room for its doubling.
int queue_size(std::size_t wanted) noexcept
{
    return static_cast<int>(std::min<std::size_t>(wanted, INT_MAX / 2));
}

bool bind_to(native_socket socket, asio::ip::udp::endpoint const& endpoint) noexcept
{
    return ::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

owned_socket new_socket(asio::ip::address const& address) noexcept
{
    return owned_socket(::socket(family(address), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

/// Deaf to groups that other sockets of this host have joined.
bool isolate(native_socket socket, bool v4) noexcept
{
    if (v4)
        return set(socket, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    return set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0);
}

bool ask_for_metadata(native_socket socket, bool v4, metadata_mask mask) noexcept
{
    bool ok = set(socket, SOL_SOCKET, SO_RXQ_OVFL, 1);
    ok = ok && (v4 ? set(socket, IPPROTO_IP, IP_PKTINFO, 1)
                   : set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
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

bool choose_egress(native_socket socket, send_options const& options) noexcept
{
    if (options.interface_index == 0)
        return true;
    if (!options.group.address().is_v4())
        return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF,
                   static_cast<int>(options.interface_index));
    // The address matters: with the index alone the source on lo would be 0.0.0.0.
    ip_mreqn request{};
    request.imr_ifindex = static_cast<int>(options.interface_index);
    if (options.interface_address.is_v4())
        request.imr_address.s_addr = htonl(options.interface_address.to_v4().to_uint());
    return ::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request) == 0;
}

bool set_reach(native_socket socket, send_options const& options) noexcept
{
    if (options.group.address().is_v4())
        return set(socket, IPPROTO_IP, IP_MULTICAST_TTL, options.hop_limit) &&
               set(socket, IPPROTO_IP, IP_MULTICAST_LOOP, options.loopback);
    return set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, options.hop_limit) &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, options.loopback);
}

bool is_default(asio::ip::udp::endpoint const& endpoint) noexcept
{
    return endpoint.port() == 0 && endpoint.address().is_unspecified();
}

bool connect_to(native_socket socket, asio::ip::udp::endpoint const& endpoint) noexcept
{
    return ::connect(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

/// A link-local address means nothing without its link.
void add_scope(asio::ip::udp::endpoint& endpoint, unsigned interface_index)
{
    auto const address = endpoint.address();
    if (!address.is_v6() || !address.to_v6().is_link_local() || address.to_v6().scope_id() != 0)
        return;
    auto scoped = address.to_v6();
    scoped.scope_id(interface_index);
    endpoint.address(scoped);
}

/// An unconnected socket would let the kernel choose the source anew with every datagram, and hear
/// multicast of others besides. Bound to what the kernel chooses now, it does neither.
result<owned_socket> bind_to_source(owned_socket socket, send_options const& options)
{
    auto bind = options.bind;
    if (bind.address().is_unspecified()) {
        auto probe_options = options;
        probe_options.connect = true;
        probe_options.bind.port(0);
        auto const probe = open_sender(probe_options);
        if (!probe)
            return probe.error();
        auto const source = source_endpoint(probe->get(), options.interface_index);
        if (!source)
            return source.error();
        bind.address(source->address());
    }
    if (!bind_to(socket.get(), bind))
        return last_error();
    return socket;
}

} // namespace

owned_socket::~owned_socket()
{
    if (handle_ != none)
        ::close(handle_);
}

result<owned_socket> open_receiver(receive_options const& options)
{
    auto socket = new_socket(options.bind.address());
    if (socket.get() < 0)
        return last_error();
    // Everything before bind: a datagram that arrives in between would be queued unfiltered.
    if (!share_port(socket.get(), options.sharing))
        return last_error();
    if (auto const ec = prepare_receiver(socket.get(), options))
        return ec;
    if (!bind_to(socket.get(), options.bind))
        return last_error();
    return socket;
}

error_code check_receiver(native_socket socket, net::group const& group)
{
    asio::ip::udp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (get(socket, SOL_SOCKET, SO_TYPE) != SOCK_DGRAM ||
        get(socket, SOL_SOCKET, SO_PROTOCOL) != IPPROTO_UDP)
        return error::socket_not_udp;
    if (get(socket, SOL_SOCKET, SO_DOMAIN) != family(group.address))
        return error::socket_family_mismatch;
    if (::getsockname(socket, endpoint.data(), &size) != 0)
        return last_error();
    endpoint.resize(size);
    return endpoint.port() == group.port ? error_code{} : error_code(error::socket_port_mismatch);
}

error_code prepare_receiver(native_socket socket, receive_options const& options)
{
    bool const v4 = options.bind.address().is_v4();
    bool ok = isolate(socket, v4) && ask_for_metadata(socket, v4, options.metadata);
    if (options.receive_buffer != 0)
        ok = ok && set(socket, SOL_SOCKET, SO_RCVBUF, queue_size(options.receive_buffer));
    if (!ok)
        return last_error();
    (void)set(socket, IPPROTO_UDP, UDP_GRO, options.coalesce); // an old kernel lacks it
    return {};
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

void discard_queued(native_socket socket) noexcept
{
    while (::recv(socket, nullptr, 0, MSG_TRUNC) >= 0) {
    }
}

result<owned_socket> open_sender(send_options const& options)
{
    auto socket = new_socket(options.group.address());
    if (socket.get() < 0)
        return last_error();
    if (!choose_egress(socket.get(), options) || !set_reach(socket.get(), options))
        return last_error();
    if (!options.connect)
        return bind_to_source(std::move(socket), options);
    if (!is_default(options.bind) && !bind_to(socket.get(), options.bind))
        return last_error();
    if (!connect_to(socket.get(), options.group))
        return last_error();
    return socket;
}

result<asio::ip::udp::endpoint> source_endpoint(native_socket socket, unsigned interface_index)
{
    asio::ip::udp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (::getsockname(socket, endpoint.data(), &size) != 0)
        return last_error();
    endpoint.resize(size);
    add_scope(endpoint, interface_index);
    return endpoint;
}

error_code send(native_socket socket, asio::const_buffer payload,
                asio::ip::udp::endpoint const* destination) noexcept
{
    auto const* name = destination ? destination->data() : nullptr;
    auto const length = destination ? static_cast<socklen_t>(destination->size()) : socklen_t{0};
    auto const sent = ::sendto(socket, payload.data(), payload.size(), MSG_NOSIGNAL, name, length);
    return sent < 0 ? last_error() : error_code{};
}

error_code receive_from(native_socket socket, asio::mutable_buffer into, std::size_t& size,
                        asio::ip::udp::endpoint& source) noexcept
{
    auto length = static_cast<socklen_t>(source.capacity());
    auto const got = ::recvfrom(socket, into.data(), into.size(), 0, source.data(), &length);
    if (got < 0)
        return last_error();
    source.resize(length);
    size = static_cast<std::size_t>(got);
    return {};
}

} // namespace rollcast::os
