// SPDX-License-Identifier: BSL-1.0
#include "support/bare_socket.hpp"

#include "support/system.hpp"

#include <array>

#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rollcast::bench {
namespace {

template <class Value>
void set(bare_socket const& socket, int level, int name, Value const& value, char const* what)
{
    check(::setsockopt(socket.get(), level, name, &value, sizeof value), what);
}

sockaddr_in address_of(net::group const& group)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(group.port);
    address.sin_addr.s_addr = htonl(group.address.to_v4().to_uint());
    return address;
}

ip_mreqn on_loopback(in_addr group)
{
    ip_mreqn request{};
    request.imr_multiaddr = group;
    request.imr_address.s_addr = htonl(INADDR_LOOPBACK);
    request.imr_ifindex = static_cast<int>(::if_nametoindex("lo"));
    return request;
}

} // namespace

bare_socket::bare_socket()
    : handle_(check(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"))
{
}

bare_socket::~bare_socket()
{
    if (handle_ >= 0)
        ::close(handle_);
}

bare_socket open_receiver(net::group const& group)
{
    bare_socket socket;
    auto const address = address_of(group);
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    set(socket, IPPROTO_IP, IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL");
    set(socket, SOL_SOCKET, SO_RCVBUF, static_cast<int>(queue_bytes), "SO_RCVBUF");
    check(::bind(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address),
          "bind");
    set(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, on_loopback(address.sin_addr), "join on lo");
    return socket;
}

void ask_for_runs(int socket)
{
    int const on = 1;
    check(::setsockopt(socket, IPPROTO_UDP, UDP_GRO, &on, sizeof on), "UDP_GRO");
}

bare_socket open_sender(net::group const& group)
{
    bare_socket socket;
    auto const address = address_of(group);
    set(socket, IPPROTO_IP, IP_MULTICAST_IF, on_loopback({}), "IP_MULTICAST_IF");
    set(socket, IPPROTO_IP, IP_MULTICAST_TTL, 0, "IP_MULTICAST_TTL");
    check(::connect(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address),
          "connect");
    return socket;
}

void wait_readable(int socket)
{
    becomes_readable(socket, -1);
}

void wait_writable(int socket)
{
    pollfd each{socket, POLLOUT, 0};
    check(::poll(&each, 1, -1), "poll");
}

bool becomes_readable(int socket, int milliseconds)
{
    pollfd each{socket, POLLIN, 0};
    return check(::poll(&each, 1, milliseconds), "poll") == 1;
}

std::size_t queue_drops(int socket)
{
    std::array<std::uint32_t, SK_MEMINFO_VARS> values{};
    socklen_t size = sizeof values;
    check(::getsockopt(socket, SOL_SOCKET, SO_MEMINFO, values.data(), &size), "SO_MEMINFO");
    return values[SK_MEMINFO_DROPS];
}

} // namespace rollcast::bench
