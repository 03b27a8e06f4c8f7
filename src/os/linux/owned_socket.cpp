// SPDX-License-Identifier: BSL-1.0
#include "os/owned_socket.hpp"

#include "os/linux/last_error.hpp"

#include <cstdint>

#include <sys/socket.h>
#include <unistd.h>

namespace rollcast::os {

owned_socket::~owned_socket()
{
    if (is_open())
        ::close(handle_);
}

bool share_network(native_socket one, native_socket other) noexcept
{
    auto const network_of = [](native_socket socket) {
        std::uint64_t cookie = 0; // stays 0 where the kernel is older than 5.14
        socklen_t size = sizeof cookie;
        (void)::getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size);
        return cookie;
    };
    return network_of(one) == network_of(other);
}

bool shares_network_with_thread(native_socket socket) noexcept
{
    owned_socket const probe(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return probe.is_open() && share_network(probe.get(), socket);
}

result<asio::ip::udp::endpoint> bound_endpoint(native_socket socket)
{
    asio::ip::udp::endpoint endpoint;
    auto size = static_cast<socklen_t>(endpoint.capacity());
    if (::getsockname(socket, endpoint.data(), &size) != 0)
        return last_error();
    endpoint.resize(size);
    return endpoint;
}

} // namespace rollcast::os
