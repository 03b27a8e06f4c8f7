// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/receive/metadata.hpp>
#include <rollcast/receive/port_sharing.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace rollcast::os {

using native_socket = asio::ip::udp::socket::native_handle_type;

/// A socket that closes itself until somebody takes it over.
class owned_socket {
public:
    explicit owned_socket(native_socket handle) noexcept : handle_(handle) {}
    owned_socket(owned_socket&& other) noexcept : handle_(std::exchange(other.handle_, none)) {}
    owned_socket& operator=(owned_socket&& other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~owned_socket();

    native_socket get() const noexcept { return handle_; }
    native_socket release() noexcept { return std::exchange(handle_, none); }

private:
    static constexpr native_socket none = -1;
    native_socket handle_;
};

struct receive_options {
    asio::ip::udp::endpoint bind;
    port_sharing sharing = port_sharing::multicast;
    std::size_t receive_buffer = 0; ///< 0 keeps the system's default.
    metadata_mask metadata = metadata_mask::all;
    bool coalesce = true; ///< Take runs of datagrams of one flow in one piece.
};

/// A non-blocking socket, bound, deaf to every group until one is joined.
result<owned_socket> open_receiver(receive_options const& options);

/// Whether an existing socket may serve as a receiver of that group; changes nothing.
error_code check_receiver(native_socket socket, net::group const& group);

/// Makes an existing socket what `open_receiver` would have made it, but for what it is bound to.
error_code prepare_receiver(native_socket socket, receive_options const& options);

error_code join(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                std::optional<asio::ip::address> const& source);
error_code leave(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                 std::optional<asio::ip::address> const& source);

error_code block(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                 asio::ip::address const& source);
error_code unblock(native_socket socket, asio::ip::address const& group, unsigned interface_index,
                   asio::ip::address const& source);

/// Bytes the kernel granted the receive queue, in the unit SO_RCVBUF is asked in.
std::size_t receive_buffer_size(native_socket socket) noexcept;

/// Empties the queue without looking.
void discard_queued(native_socket socket) noexcept;

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
