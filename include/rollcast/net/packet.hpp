// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

/// Names a subscription within its receiver: from 1, in the order of adding. 0 is none.
using subscription_id = std::uint64_t;

/// A datagram as it arrived. Everything but the payload is a value. The payload is a view into the
/// storage of the subscription, or of the batch, that received it: valid until the next receive
/// with that, also one that finds nothing, or until its end. Keep bytes with `copy`.
struct packet {
    std::span<std::byte const> payload{};
    asio::ip::udp::endpoint source{};
    net::group group{};               ///< The group and port that the datagram was sent to.
    subscription_id subscription = 0; ///< Within its receiver; 0 without a receiver.
    bool truncated = false; ///< The datagram was longer than the storage; its end is lost.
    packet_metadata metadata{};

    /// The payload as characters, with the lifetime of the payload.
    std::string_view text() const noexcept
    {
        return {reinterpret_cast<char const*>(payload.data()), payload.size()};
    }
    std::vector<std::byte> copy() const { return {payload.begin(), payload.end()}; }
};

// As text, for people.
ROLLCAST_EXPORT std::string
to_string(metadata_mask value); ///< "none", "all", or such as "hop_limit|receive_time"
ROLLCAST_EXPORT std::string
to_string(packet const& value); ///< "10.0.0.1:4000 > 239.1.1.1:5000, 12 bytes"
ROLLCAST_EXPORT std::string to_string(packet_metadata const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, metadata_mask value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, packet const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, packet_metadata const& value);

} // namespace rollcast

namespace rollcast::detail {

/// One buffer as the kernel filled it: a datagram, or a run of datagrams of one flow.
struct filled_buffer {
    packet whole{};                ///< Its payload is the whole buffer.
    std::size_t datagram_size = 0; ///< Bytes of each datagram but the last, which may be shorter.

    std::size_t packets() const noexcept
    {
        auto const size = whole.payload.size();
        return size <= datagram_size ? 1 : (size + datagram_size - 1) / datagram_size;
    }
};

} // namespace rollcast::detail
