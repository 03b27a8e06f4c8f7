// SPDX-License-Identifier: BSL-1.0
#include "os/send_socket.hpp"

#include "os/linux/last_error.hpp"
#include "os/linux/socket_options.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <optional>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace rollcast::os {
namespace {

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
    return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, options.hop_limit) &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, options.loopback);
}

/// The traffic class holds the DSCP in its upper six bits.
bool set_class(native_socket socket, send_options const& options) noexcept
{
    bool const v4 = options.group.address().is_v4();
    return options.dscp == 0 || set(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6,
                                    v4 ? IP_TOS : IPV6_TCLASS, options.dscp << 2);
}

/// Without it a datagram that the egress queue drops counts as sent. Who waits for answers would
/// hear of unreachable hosts instead of them.
bool hear_of_drops(native_socket socket, send_options const& options) noexcept
{
    bool const v4 = options.group.address().is_v4();
    return !options.connect ||
           set(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, 1);
}

bool set_flow(native_socket socket, send_options const& options) noexcept
{
    constexpr std::size_t most = INT_MAX / 2; // the kernel doubles it
    auto const buffer = static_cast<int>(std::min(options.send_buffer, most));
    auto const rate = options.pacing_rate;
    return (buffer == 0 || set(socket, SOL_SOCKET, SO_SNDBUF, buffer)) &&
           (rate == 0 ||
            ::setsockopt(socket, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof rate) == 0);
}

bool set_options(native_socket socket, send_options const& options) noexcept
{
    return choose_egress(socket, options) && set_reach(socket, options) &&
           set_class(socket, options) && hear_of_drops(socket, options) &&
           set_flow(socket, options);
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

asio::ip::address without_scope(asio::ip::address const& address)
{
    if (address.is_v4())
        return address;
    return asio::ip::address_v6(address.to_v6().to_bytes());
}

/// Asked of the socket's network namespace.
std::optional<asio::ip::address> first_ipv4_address(native_socket socket, unsigned interface_index)
{
    ifreq request{};
    request.ifr_ifindex = static_cast<int>(interface_index);
    if (::ioctl(socket, SIOCGIFNAME, &request) != 0 || ::ioctl(socket, SIOCGIFADDR, &request) != 0)
        return std::nullopt;
    sockaddr_in address;
    std::memcpy(&address, &request.ifr_addr, sizeof address);
    return asio::ip::address_v4(ntohl(address.sin_addr.s_addr));
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

result<owned_socket> open_sender(send_options const& options)
{
    auto socket = new_socket(options.group.address());
    if (!socket.is_open())
        return last_error();
    if (!set_options(socket.get(), options))
        return last_error();
    if (!options.connect)
        return bind_to_source(std::move(socket), options);
    // Bound even to any address and port: what is bound keeps its port when it connects again.
    if (!bind_to(socket.get(), options.bind))
        return last_error();
    if (!connect_to(socket.get(), options.group))
        return last_error();
    return socket;
}

error_code check_sender(native_socket socket, send_options const& options)
{
    if (auto const ec = check_kind(socket, options.group.address()))
        return ec;
    auto const bound = bound_endpoint(socket);
    if (!bound)
        return bound.error();
    auto const& wanted = options.bind;
    bool const any_port = wanted.port() == 0 || bound->port() == 0;
    if (!any_port && bound->port() != wanted.port())
        return error::socket_port_mismatch;
    bool const any_address = wanted.address().is_unspecified() || bound->address().is_unspecified();
    // An address that came with a connection goes with it, but one cannot tell it from a bound one.
    if (!any_address && without_scope(bound->address()) != without_scope(wanted.address()))
        return error::socket_address_mismatch;
    return {};
}

error_code prepare_sender(native_socket socket, send_options const& options)
{
    int const on = 1;
    if (::ioctl(socket, FIONBIO, &on) != 0 || !set_options(socket, options))
        return last_error();
    auto const bound = bound_endpoint(socket);
    if (!bound)
        return bound.error();
    if (bound->port() == 0 && !bind_to(socket, options.bind))
        return last_error();
    if (options.connect && !connect_to(socket, options.group))
        return last_error();
    return {};
}

error_code reconnect(native_socket socket, send_options const& options)
{
    auto fresh = options;
    if (options.group.address().is_v4() && options.interface_index != 0) {
        auto const address = first_ipv4_address(socket, options.interface_index);
        if (!address)
            return asio::error::make_error_code(asio::error::network_unreachable);
        fresh.interface_address = *address;
    }
    auto const before = bound_endpoint(socket);
    if (!before)
        return before.error();
    sockaddr nobody{};
    nobody.sa_family = AF_UNSPEC;
    if (!choose_egress(socket, fresh) || ::connect(socket, &nobody, sizeof nobody) != 0)
        return last_error();
    // A port the kernel chose goes with the connection.
    auto const after = bound_endpoint(socket);
    if (!after)
        return after.error();
    if (after->port() == 0 && !bind_to(socket, {after->address(), before->port()}))
        return last_error();
    return connect_to(socket, options.group) ? error_code{} : last_error();
}

result<asio::ip::udp::endpoint> source_endpoint(native_socket socket, unsigned interface_index)
{
    auto endpoint = bound_endpoint(socket);
    if (endpoint)
        add_scope(*endpoint, interface_index);
    return endpoint;
}

std::size_t send_buffer_size(native_socket socket) noexcept
{
    return static_cast<std::size_t>(std::max(get(socket, SOL_SOCKET, SO_SNDBUF), 0)) / 2;
}

std::size_t unfragmented_payload(native_socket socket, bool v4) noexcept
{
    auto const mtu = get(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MTU : IPV6_MTU);
    auto const headers = v4 ? 20 + 8 : 40 + 8;
    return static_cast<std::size_t>(std::max(mtu - headers, 0));
}

error_code send(native_socket socket, std::span<asio::const_buffer const> pieces,
                asio::ip::udp::endpoint const* destination) noexcept
{
    auto const* name = destination ? destination->data() : nullptr;
    auto const length = destination ? static_cast<socklen_t>(destination->size()) : socklen_t{0};
    if (pieces.size() == 1) {
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
    return ::sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? last_error() : error_code{};
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
