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
///
///     config.metadata = metadata_mask::hop_limit | metadata_mask::receive_time;
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
    /// Datagrams that all sockets of the subscription lost so far for want of queue room, as far as
    /// the kernel has told: it tells of a loss with the next datagram that found room.
    std::uint32_t dropped = 0;
    asio::ip::udp::endpoint local_endpoint{}; ///< What the socket is bound to that heard it.
    /// None where `subscription_config::metadata` does not ask for it; so for the next two.
    std::optional<std::uint8_t> hop_limit{};
    std::optional<std::uint8_t> traffic_class{};
    std::optional<kernel_time> received_at{};
    net::time_source receive_time_source = net::time_source::none; ///< Of `received_at`.
    /// The datagram came in one piece with others of its flow (UDP_GRO), and the kernel told all of
    /// this once for the whole run.
    bool in_run = false;
};
BOOST_DESCRIBE_STRUCT(packet_metadata, (),
                      (interface_index, configured_interface, dropped, local_endpoint, hop_limit,
                       traffic_class, received_at, receive_time_source, in_run))

} // namespace rollcast
