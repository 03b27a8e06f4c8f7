// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace rollcast::os {

struct send_options {
    asio::ip::udp::endpoint group;
    asio::ip::udp::endpoint bind;        ///< Unspecified address and port 0: the kernel's choice.
    bool fixed_source = false;           ///< The address to bind stays, even if this host loses it.
    unsigned interface_index = 0;        ///< 0: the kernel's choice.
    asio::ip::address interface_address; ///< IPv4 source to prefer on that interface, if any.
    int hop_limit = 1;
    int dscp = 0;
    bool loopback = true;
    bool connect = true;
    bool any_address = false;      ///< Not connected, and hears at every address of the host.
    std::size_t send_buffer = 0;   ///< 0 keeps the system's default.
    std::uint64_t pacing_rate = 0; ///< Bytes per second; 0 for no limit.
    std::optional<int> priority{};
    bool dont_fragment = false;
    std::string device{}; ///< The device to bind to; empty for none.
    net::launch_clock launch_times = net::launch_clock::none;
    net::time_source send_times = net::time_source::none;
    /// The socket that the new one replaces, and that may have the same address and port meanwhile.
    native_socket predecessor = -1;
};

/// A non-blocking socket, ready to send to the group.
result<owned_socket> open_sender(send_options const& options);

/// Whether an existing socket may serve as a sender to that group from that address and port, where
/// they are given; changes nothing.
error_code check_sender(native_socket socket, send_options const& options);

/// Sets the options of an existing socket as `open_sender` would, binds it if it is not bound, and
/// connects it where that is asked for.
error_code prepare_sender(native_socket socket, send_options const& options);

/// Lets the kernel choose the source of a connected socket anew; its port stays.
error_code reconnect(native_socket socket, send_options const& options);

/// By which interface, and from which of its IPv4 addresses, datagrams to the group leave from now
/// on.
error_code choose_way_out(native_socket socket, send_options const& options) noexcept;

/// How far datagrams to the group go from now on; 0 reaches this host alone.
error_code limit_hops(native_socket socket, bool v4, int hop_limit) noexcept;

/// The address and port that datagrams to the group leave from.
result<asio::ip::udp::endpoint> source_endpoint(native_socket socket, unsigned interface_index);

/// The source address that the kernel chooses now; it opens a socket to find out.
result<asio::ip::address> chosen_source(send_options const& options);

/// Bytes the kernel granted the send buffer, in the unit SO_SNDBUF is asked in.
std::size_t send_buffer_size(native_socket socket) noexcept;

/// Bytes of payload that fit into one packet on the way to where the socket is connected; 0 if
/// that is unknown, as for a socket that is not connected.
std::size_t unfragmented_payload(native_socket socket, bool v4) noexcept;

/// Where a single datagram is to leave from.
struct origin {
    asio::ip::address address{};  ///< Unspecified: the kernel's choice.
    unsigned interface_index = 0; ///< 0: the kernel's choice.
};

/// Sends one datagram of these pieces; without `destination` to where the socket is connected. With
/// `launch` the datagram leaves when that time has come.
error_code send(native_socket socket, std::span<asio::const_buffer const> pieces,
                asio::ip::udp::endpoint const* destination,
                std::optional<net::launch_time> launch = {}) noexcept;
error_code send_from(native_socket socket, origin const& from, asio::const_buffer payload,
                     asio::ip::udp::endpoint const& destination) noexcept;

/// What is known of a datagram that was received.
struct arrival {
    std::size_t size = 0; ///< Bytes in the buffer.
    bool truncated = false;
    asio::ip::udp::endpoint source{};
    asio::ip::address destination{}; ///< Of this host; unspecified unless the socket asks.
    unsigned interface_index = 0;    ///< That it came in by; 0 unless the socket asks.
};

/// Takes one datagram; `would_block` when there is none.
error_code receive_from(native_socket socket, asio::mutable_buffer into, arrival& what) noexcept;

} // namespace rollcast::os
