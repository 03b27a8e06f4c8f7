// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

namespace rollcast::os {

inline int family(asio::ip::address const& address) noexcept
{
    return address.is_v4() ? AF_INET : AF_INET6;
}

inline int level(asio::ip::address const& address) noexcept
{
    return address.is_v4() ? IPPROTO_IP : IPPROTO_IPV6;
}

inline bool set(native_socket socket, int at, int name, int value) noexcept
{
    return ::setsockopt(socket, at, name, &value, sizeof value) == 0;
}

inline int get(native_socket socket, int at, int name) noexcept
{
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(socket, at, name, &value, &size) == 0 ? value : -1;
}

inline bool bind_to(native_socket socket, asio::ip::udp::endpoint const& endpoint) noexcept
{
    return ::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

inline owned_socket new_socket(asio::ip::address const& address) noexcept
{
    return owned_socket(::socket(family(address), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

} // namespace rollcast::os
