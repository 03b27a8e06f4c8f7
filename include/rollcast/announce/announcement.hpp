// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rollcast {

/// Identifies one run of one instance: 128 random bits, drawn at start.
struct life_id {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(life_id const&, life_id const&) = default;
};
BOOST_DESCRIBE_STRUCT(life_id, (), (bytes))

std::string to_string(life_id const& value); ///< 32 hexadecimal digits.

/// What a datagram is about. The values are those on the wire.
enum class message_type : std::uint8_t {
    hello = 1,    ///< Multicast: I am here, this is my record.
    bye = 2,      ///< Multicast: I am leaving.
    ping = 7,     ///< Unicast: are you there? Carries the asker's record.
    ack = 8,      ///< Unicast: yes. Carries the answerer's record.
    records = 10, ///< Unicast: the answerer's record, for a newcomer.
};
BOOST_DESCRIBE_ENUM(message_type, hello, bye, ping, ack, records)

/// Who speaks, and in which of its lives.
struct identity {
    std::uint64_t id = 0;
    life_id life{};
    std::uint64_t incarnation = 0; ///< Start of this life: milliseconds since 1970.

    friend bool operator==(identity const&, identity const&) = default;
};
BOOST_DESCRIBE_STRUCT(identity, (), (id, life, incarnation))

/// What an instance tells about itself on one link.
struct record {
    std::uint32_t sequence = 0;                ///< Grows with every change within a life.
    std::chrono::milliseconds beat_interval{}; ///< A quarter of its detection time.
    net::port_type discovery_port = 0;
    std::vector<net::port_type> service_ports{};
    std::vector<asio::ip::address> addresses{}; ///< Valid on this link; no scope ids.
    std::vector<std::byte> data{};

    friend bool operator==(record const&, record const&) = default;
};
BOOST_DESCRIBE_STRUCT(record, (),
                      (sequence, beat_interval, discovery_port, service_ports, addresses, data))

/// The meaning of one datagram.
struct announcement {
    message_type type = message_type::hello;
    std::uint64_t counter = 0; ///< Counts the datagrams of this life.
    identity who{};
    /// For a hello: 1, 2 or 3 asks everybody for an answer, 0 asks for none.
    std::uint8_t attempt = 0;
    std::optional<rollcast::record> record{}; ///< In all but bye.

    friend bool operator==(announcement const&, announcement const&) = default;
};
BOOST_DESCRIBE_STRUCT(announcement, (), (type, counter, who, attempt, record))

} // namespace rollcast
