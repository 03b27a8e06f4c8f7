// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <algorithm>
#include <climits>

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

/// Bytes the kernel may queue: past the system's limit for those who may (CAP_NET_ADMIN), else up
/// to it. Half the range leaves room for the kernel's doubling.
inline bool set_buffer(native_socket socket, int forced, int limited, std::size_t wanted) noexcept
{
    auto const size = static_cast<int>(std::min<std::size_t>(wanted, INT_MAX / 2));
    return set(socket, SOL_SOCKET, forced, size) || set(socket, SOL_SOCKET, limited, size);
}

inline bool bind_to(native_socket socket, asio::ip::udp::endpoint const& endpoint) noexcept
{
    return ::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

/// A socket of one IP version only; once it is bound this could not be set any more.
inline owned_socket new_socket(asio::ip::address const& address) noexcept
{
    owned_socket fresh(::socket(family(address), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    bool const v6 = fresh.is_open() && address.is_v6();
    if (v6 && !set(fresh.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1))
        return owned_socket();
    return fresh;
}

/// Whether an existing socket is a UDP socket of the address's IP version.
inline error_code check_kind(native_socket socket, asio::ip::address const& address) noexcept
{
    if (get(socket, SOL_SOCKET, SO_TYPE) != SOCK_DGRAM ||
        get(socket, SOL_SOCKET, SO_PROTOCOL) != IPPROTO_UDP)
        return error::socket_not_udp;
    bool const fits = get(socket, SOL_SOCKET, SO_DOMAIN) == family(address);
    return fits ? error_code{} : error_code(error::socket_family_mismatch);
}

} // namespace rollcast::os
