// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstddef>

namespace rollcast::os {

struct send_options {
    asio::ip::udp::endpoint group;
    asio::ip::udp::endpoint bind;        ///< Unspecified address and port 0: the kernel's choice.
    unsigned interface_index = 0;        ///< 0: the kernel's choice.
    asio::ip::address interface_address; ///< IPv4 source to prefer on that interface, if any.
    int hop_limit = 1;
    bool loopback = true;
    bool connect = true;
};

/// A non-blocking socket, ready to send to the group.
result<owned_socket> open_sender(send_options const& options);

/// The address and port that datagrams to the group leave from.
result<asio::ip::udp::endpoint> source_endpoint(native_socket socket, unsigned interface_index);

/// Sends one datagram; without `destination` to where the socket is connected.
error_code send(native_socket socket, asio::const_buffer payload,
                asio::ip::udp::endpoint const* destination) noexcept;

/// Takes one datagram and its sender; `would_block` when there is none.
error_code receive_from(native_socket socket, asio::mutable_buffer into, std::size_t& size,
                        asio::ip::udp::endpoint& source) noexcept;

} // namespace rollcast::os
