// SPDX-License-Identifier: BSL-1.0
#include "os/send_socket.hpp"

#include "detail/address_scope.hpp"
#include "os/interfaces.hpp"
#include "os/linux/feed_options.hpp"
#include "os/linux/last_error.hpp"
#include "os/linux/socket_options.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace rollcast::os {
namespace {

constexpr int prefer_lasting_source = 2; // IPV6_PREFER_SRC_PUBLIC of linux/in6.h, RFC 5014

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

bool set_hop_limit(native_socket socket, bool v4, int hop_limit) noexcept
{
    return set(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MULTICAST_TTL : IPV6_MULTICAST_HOPS,
               hop_limit);
}

bool set_reach(native_socket socket, send_options const& options) noexcept
{
    bool const v4 = options.group.address().is_v4();
    return set_hop_limit(socket, v4, options.hop_limit) &&
           set(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_MULTICAST_LOOP : IPV6_MULTICAST_LOOP,
               options.loopback);
}

/// The traffic class holds the DSCP in its upper six bits.
bool set_class(native_socket socket, send_options const& options) noexcept
{
    bool const v4 = options.group.address().is_v4();
    return options.dscp == 0 || set(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6,
                                    v4 ? IP_TOS : IPV6_TCLASS, options.dscp << 2);
}

/// Without the option a datagram that the egress queue drops counts as sent. A socket that waits
/// for answers does without: errors of unreachable hosts would come in place of answers.
bool hear_of_drops(native_socket socket, send_options const& options) noexcept
{
    bool const v4 = options.group.address().is_v4();
    return !options.connect ||
           set(socket, v4 ? IPPROTO_IP : IPPROTO_IPV6, v4 ? IP_RECVERR : IPV6_RECVERR, 1);
}

bool set_flow(native_socket socket, send_options const& options) noexcept
{
    auto const buffer = options.send_buffer;
    auto const rate = options.pacing_rate;
    return (buffer == 0 || set_buffer(socket, SO_SNDBUFFORCE, SO_SNDBUF, buffer)) &&
           (rate == 0 ||
            ::setsockopt(socket, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof rate) == 0);
}

error_code set_options(native_socket socket, send_options const& options) noexcept
{
    bool const within_device = !options.device.empty();
    if (within_device)
        if (auto const ec = bind_to_device(socket, interface_index(socket, options.device)))
            return ec;
    if (!choose_egress(socket, options))
        return within_device && errno == EINVAL ? error_code(error::device_refused) : last_error();
    if (!set_reach(socket, options) || !set_class(socket, options) ||
        !hear_of_drops(socket, options) || !set_flow(socket, options))
        return last_error();
    return set_feed_options(socket, options); // the class has set a priority
}

/// Lets two sockets have one address and port as long as this object lives.
class port_shared {
public:
    port_shared(native_socket fresh, native_socket predecessor) noexcept
        : fresh_(fresh),
          predecessor_(predecessor),
          shared_before_(predecessor < 0 ? 0 : get(predecessor, SOL_SOCKET, SO_REUSEADDR))
    {
        share(1, 1);
    }
    ~port_shared() { share(0, shared_before_); }
    port_shared(port_shared const&) = delete;

private:
    void share(int fresh, int predecessor) noexcept
    {
        if (predecessor_ < 0)
            return;
        (void)set(fresh_, SOL_SOCKET, SO_REUSEADDR, fresh);
        (void)set(predecessor_, SOL_SOCKET, SO_REUSEADDR, predecessor);
    }

    native_socket fresh_;
    native_socket predecessor_;
    int shared_before_;
};

bool bind_in_place(native_socket socket, asio::ip::udp::endpoint const& endpoint,
                   send_options const& options) noexcept
{
    // Not where the kernel chooses the port: it could choose the predecessor's.
    port_shared const shared(socket, endpoint.port() == 0 ? -1 : options.predecessor);
    return bind_to(socket, endpoint);
}

bool connect_to(native_socket socket, asio::ip::udp::endpoint const& endpoint) noexcept
{
    return ::connect(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

/// A link-local address means nothing without its link.
void add_scope(asio::ip::udp::endpoint& endpoint, unsigned interface_index)
{
    auto const address = endpoint.address();
    if (address.is_v6() && address.to_v6().scope_id() == 0)
        endpoint.address(detail::on_link(address, interface_index));
}

/// Asks in the socket's network namespace, which need not be that of the thread.
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
/// groups that other sockets joined. Bound to the source that the kernel chooses now, it does
/// neither.
result<owned_socket> bind_to_source(owned_socket socket, send_options const& options)
{
    auto bind = options.bind;
    if (bind.address().is_unspecified()) {
        auto const source = chosen_source(options);
        if (!source)
            return source.error();
        bind.address(*source);
    }
    if (!bind_in_place(socket.get(), bind, options))
        return last_error();
    return socket;
}

/// A socket bound to no address would also hear groups that other sockets have joined: so that is
/// switched off. As the source of datagrams to one host the kernel is to prefer an address that
/// lasts to a temporary one.
bool hear_everywhere(native_socket socket, bool v4) noexcept
{
    return v4 ? set(socket, IPPROTO_IP, IP_PKTINFO, 1) &&
                    set(socket, IPPROTO_IP, IP_MULTICAST_ALL, 0)
              : set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1) &&
                    set(socket, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0) &&
                    set(socket, IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, prefer_lasting_source);
}

result<owned_socket> bind_to_all(owned_socket socket, send_options const& options)
{
    bool const ready = hear_everywhere(socket.get(), options.group.address().is_v4());
    if (!ready || !bind_in_place(socket.get(), options.bind, options))
        return last_error();
    return socket;
}

} // namespace

result<asio::ip::address> chosen_source(send_options const& options)
{
    auto probe_options = options;
    probe_options.connect = true;
    probe_options.any_address = false;
    probe_options.bind.port(0);
    auto const probe = open_sender(probe_options);
    if (!probe)
        return probe.error();
    auto const source = source_endpoint(probe->get(), options.interface_index);
    if (!source)
        return source.error();
    return source->address();
}

result<owned_socket> open_sender(send_options const& options)
{
    auto socket = new_socket(options.group.address());
    if (!socket.is_open())
        return last_error();
    if (auto const ec = set_options(socket.get(), options))
        return ec;
    if (options.any_address)
        return bind_to_all(std::move(socket), options);
    if (!options.connect)
        return bind_to_source(std::move(socket), options);
    // Bound even to any address and port: a bound socket keeps its port when it connects again.
    if (!bind_in_place(socket.get(), options.bind, options))
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
    // An address that came with a connection goes with it, but cannot be told from a bound one.
    if (!any_address && detail::unscoped(bound->address()) != detail::unscoped(wanted.address()))
        return error::socket_address_mismatch;
    return {};
}

error_code prepare_sender(native_socket socket, send_options const& options)
{
    int const on = 1;
    if (::ioctl(socket, FIONBIO, &on) != 0)
        return last_error();
    if (auto const ec = set_options(socket, options))
        return ec;
    if (options.any_address && !hear_everywhere(socket, options.group.address().is_v4()))
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

error_code choose_way_out(native_socket socket, send_options const& options) noexcept
{
    return choose_egress(socket, options) ? error_code() : last_error();
}

error_code limit_hops(native_socket socket, bool v4, int hop_limit) noexcept
{
    return set_hop_limit(socket, v4, hop_limit) ? error_code() : last_error();
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
    // A port that the kernel chose goes with the connection: the socket is bound to it again.
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

} // namespace rollcast::os
