// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>

namespace rollcast {

/// What a router on the way or the host at its end has told of a datagram that had left (ICMP,
/// ICMPv6), or the egress queue of a datagram that had a time to leave. Other members of the group
/// may have got the datagram all the same.
///
/// ICMP can be forged: take a report for a hint, and not for a proof.
struct network_error {
    asio::ip::udp::endpoint destination{}; ///< Where the datagram was sent to.
    asio::ip::address reporter{}; ///< The router or host; unspecified for the egress queue.
    error_code error{};           ///< `connection_refused`: no socket listens on the port there.
    /// With `message_size`: bytes of IP packet, headers included, that would have passed.
    std::uint32_t mtu = 0;
    /// Of a datagram that the egress queue dropped for its time: that time. The error is
    /// `launch_time_missed` or `launch_time_invalid` then.
    std::optional<net::launch_time> launch{};
};
BOOST_DESCRIBE_STRUCT(network_error, (), (destination, reporter, error, mtu, launch))

} // namespace rollcast
