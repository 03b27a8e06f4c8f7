// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>

namespace rollcast {

/// Which optional metadata a subscription asks the kernel for; each costs time per datagram.
enum class metadata_mask : unsigned {
    none = 0,
    hop_limit = 1,     ///< TTL (IPv4) or hop limit (IPv6) on arrival.
    traffic_class = 2, ///< DSCP and ECN: the TOS byte or the traffic class.
    receive_time = 4,  ///< The kernel's clock when the datagram arrived.
    all = 7,
};

constexpr metadata_mask operator|(metadata_mask a, metadata_mask b) noexcept
{
    return static_cast<metadata_mask>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

constexpr bool contains(metadata_mask mask, metadata_mask bit) noexcept
{
    return (static_cast<unsigned>(mask) & static_cast<unsigned>(bit)) != 0;
}

using kernel_time = net::kernel_time;

/// What the kernel said about a datagram beside its bytes.
struct packet_metadata {
    unsigned interface_index = 0;      ///< The interface it came in by.
    unsigned configured_interface = 0; ///< The same where the configuration named it, else 0.
    std::uint32_t dropped = 0; ///< Datagrams this socket lost so far for want of queue room.
    asio::ip::udp::endpoint local_endpoint{}; ///< What the socket that took it is bound to.
    std::optional<std::uint8_t> hop_limit{};
    std::optional<std::uint8_t> traffic_class{};
    std::optional<kernel_time> received_at{};
    net::time_source receive_time_source = net::time_source::none; ///< By whose clock that is.
    /// It came in one piece with others of its flow (UDP_GRO): all this was told of the first one.
    bool in_run = false;
};
BOOST_DESCRIBE_STRUCT(packet_metadata, (),
                      (interface_index, configured_interface, dropped, local_endpoint, hop_limit,
                       traffic_class, received_at, receive_time_source, in_run))

} // namespace rollcast
