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

/// What somebody on the way or at its end has told of a datagram that had left (ICMP, ICMPv6), or
/// the egress queue of one that had a time to leave. Of a group it may have reached others all the
/// same.
struct network_error {
    asio::ip::udp::endpoint destination{}; ///< Of that datagram.
    asio::ip::address reporter{};          ///< Who told it; unspecified for the egress queue.
    error_code error{};                    ///< `connection_refused`: nobody listens there.
    std::uint32_t mtu = 0;                 ///< With `message_size`: what would have passed.
    /// Of a datagram that the egress queue dropped for its time: that time.
    std::optional<net::launch_time> launch{};
};
BOOST_DESCRIBE_STRUCT(network_error, (), (destination, reporter, error, mtu, launch))

} // namespace rollcast
