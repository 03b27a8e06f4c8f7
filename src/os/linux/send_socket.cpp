// SPDX-License-Identifier: BSL-1.0
#include "os/send_socket.hpp"

#include "detail/address_scope.hpp"
#include "os/interfaces.hpp"
#include "os/linux/feed_options.hpp"
#include "os/linux/last_error.hpp"
#include "os/linux/sent_control.hpp"
#include "os/linux/socket_options.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
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
