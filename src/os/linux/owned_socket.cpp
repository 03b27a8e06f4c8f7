// SPDX-License-Identifier: BSL-1.0
#include "os/owned_socket.hpp"

#include "os/linux/last_error.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace rollcast::os {

owned_socket::~owned_socket()
{
    if (is_open())
        ::close(handle_);
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
