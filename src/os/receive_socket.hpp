// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/packet.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/udp.hpp>

#include <chrono>
#include <cstddef>
#include <optional>

namespace rollcast::os {

struct receive_options {
    asio::ip::udp::endpoint bind;
    unsigned interface_index = 0; ///< To hear alone, as far as the system allows it; 0: all.
    port_sharing sharing = port_sharing::multicast;
    std::size_t receive_buffer = 0; ///< 0 keeps the system's default.
    metadata_mask metadata = metadata_mask::all;
    bool coalesce = true;                   ///< Take runs of datagrams of one flow in one piece.
    std::chrono::microseconds busy_poll{0}; ///< 0 leaves it to the system.
    bool hardware_timestamps = false;
};

/// A non-blocking socket, bound, deaf to every group until one is joined.
result<owned_socket> open_receiver(receive_options const& options);

/// Lets the socket hear that interface alone from now on, whichever it heard before.
error_code hear_only(native_socket socket, unsigned interface_index) noexcept;

/// The interface that a socket hears alone, 0 if it hears all.
unsigned only_interface(native_socket socket) noexcept;

/// Whether a socket that is bound to this address can only hear that group by this interface. Then
/// the kernel need not tell for each datagram which group and interface it came by.
bool hears_one_group(native_socket socket, asio::ip::address const& bound,
                     unsigned interface_index) noexcept;

/// Whether other sockets may be bound to the same address and port.
void share_port(native_socket socket, bool on) noexcept;

/// Whether an existing socket may serve as a receiver of that group; changes nothing.
error_code check_receiver(native_socket socket, net::group const& group);

/// Sets the options of an existing socket as `open_receiver` would; the socket stays bound as it
/// is.
error_code prepare_receiver(native_socket socket, receive_options const& options);

error_code join(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                std::optional<asio::ip::address> const& source);
error_code leave(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                 std::optional<asio::ip::address> const& source);

/// Whether this socket has joined the group on the interface, of whatever sources.
bool is_member(native_socket socket, asio::ip::address const& group,
               unsigned interface_index) noexcept;

error_code block(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                 asio::ip::address const& source);
error_code unblock(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                   asio::ip::address const& source);

/// Bytes the kernel granted the receive queue, in the unit SO_RCVBUF is asked in.
std::size_t receive_buffer_size(native_socket socket) noexcept;

/// Costs less than a try to receive, where the queue is empty.
bool has_empty_queue(native_socket socket) noexcept;

/// Empties the queue; the datagrams in it are lost.
void discard_queued(native_socket socket) noexcept;

} // namespace rollcast::os
