// SPDX-License-Identifier: BSL-1.0
#include "os/send_socket.hpp"

#include "os/linux/last_error.hpp"
#include "os/linux/socket_options.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

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
