// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/wire_list.hpp"

#include <rollcast/announce/life_id.hpp>
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
#include <span>
#include <string>
#include <vector>

namespace rollcast {

/// What a datagram is about. The values are those on the wire; docs/protocol.md has the details.
/// In what follows "I" is the speaker: the instance that sent the datagram.
enum class message_type : std::uint8_t {
    hello = 1,     ///< Multicast: I am here, this is my record.
    bye = 2,       ///< Multicast: I am leaving.
    suspect = 3,   ///< These instances do not answer me: let them object.
    gone = 4,      ///< These instances have not objected.
    digest = 5,    ///< Multicast: what my chart amounts to, and some records of it.
    beat = 6,      ///< Unicast: I am alive, and this is what my chart amounts to.
    ping = 7,      ///< Unicast: are you there? Or: is another instance there? Multicast: a call.
    ack = 8,       ///< Unicast: yes.
    pull = 9,      ///< Unicast: our charts differ; tell me where.
    records = 10,  ///< Unicast: records that you may not have.
    conflict = 11, ///< Unicast: your id is mine.
    query = 12,    ///< Multicast, of an observer: who is there?
};
BOOST_DESCRIBE_ENUM(message_type, hello, bye, suspect, gone, digest, beat, ping, ack, pull, records,
                    conflict, query)

/// An instance in one of its lives: the speaker of a datagram, or an instance that it tells of.
struct identity {
    std::uint64_t id = 0; ///< As configured, or random.
    life_id life{};
    /// Start of this life in milliseconds since 1970, by the clock of the instance; raised by every
    /// objection, and when a link is lost. Of two claims about one life the higher one counts.
    std::uint64_t incarnation = 0;

    friend bool operator==(identity const&, identity const&) = default;
};
BOOST_DESCRIBE_STRUCT(identity, (), (id, life, incarnation))

/// What an instance tells about itself on one link, of at most `announce::max_record` (1000) bytes
/// on the wire. A value with memory of its own; `record_view` is the cheap form.
struct record {
    std::uint32_t sequence = 0;                ///< Grows with every change within a life.
    std::chrono::milliseconds beat_interval{}; ///< A quarter of its detection time: 250 to 900,000.
    net::port_type discovery_port = 0;         ///< Where it hears the group; not 0.
    net::port_type unicast_port_v4 = 0; ///< Where it hears unicast of this IP version; 0: nowhere.
    net::port_type unicast_port_v6 = 0;
    std::vector<net::port_type> service_ports{}; ///< At most 64, none 0.
    std::vector<std::string> port_names{};       ///< Of the last service ports, in their order.
    std::vector<asio::ip::address> addresses{};  ///< Valid on this link; no scope ids; at most 8.
    std::vector<std::byte> data{};

    friend bool operator==(record const&, record const&) = default;
};
BOOST_DESCRIBE_STRUCT(record, (),
                      (sequence, beat_interval, discovery_port, unicast_port_v4, unicast_port_v6,
                       service_ports, port_names, addresses, data))

/// A record as it is on the wire, checked but not unpacked: cheap to copy, and valid as long as the
/// bytes that it was read from.
struct record_view {
    std::uint32_t sequence = 0;                ///< As in `record`.
    std::chrono::milliseconds beat_interval{}; ///< As in `record`.
    std::span<std::byte const> bytes{};        ///< For `announce::unpack`.
};

/// What a chart amounts to: two charts with equal hashes hold the same, so that a few bytes tell
/// whether anything has to be exchanged.
struct summary {
    using hash_type = std::array<std::uint64_t, 2>; ///< High half first.

    std::uint32_t members = 0; ///< Alive or suspect, the speaker included.
    hash_type hash{};          ///< The sum of the hashes of all members, modulo 2^128.
    std::uint8_t health = 1;   ///< 1 is good; up to 8, by which the speaker's patience grows.

    friend bool operator==(summary const&, summary const&) = default;
};
BOOST_DESCRIBE_STRUCT(summary, (), (members, hash, health))

/// Another instance, as the speaker of the datagram knows it; valid as long as the datagram.
struct member_view {
    identity who{};
    bool proven = false; ///< It has answered the speaker, or an instance the speaker believes.
    record_view record{};
};

/// An instance that has ended, as the speaker of the datagram tells it.
struct ended_member {
    identity who{};
    bool left = false;               ///< It said goodbye; otherwise it was called gone.
    std::chrono::milliseconds age{}; ///< Since its end, as the speaker knows.
};

template <>
identity wire_list<identity>::take(std::span<std::byte const>& rest);
template <>
member_view wire_list<member_view>::take(std::span<std::byte const>& rest);
template <>
ended_member wire_list<ended_member>::take(std::span<std::byte const>& rest);

/// Which of the datagrams that answer one pull this is: the answer is whole when all up to the last
/// one are there, in whatever order.
struct part {
    std::uint16_t index = 0; ///< From 0.
    bool last = false;

    friend bool operator==(part const&, part const&) = default;
};
BOOST_DESCRIBE_STRUCT(part, (), (index, last))

/// The meaning of one datagram. Lists, records and spans are views of the datagram's bytes, which
/// have to outlive it. What a type needs and may have is a table in docs/protocol.md.
///
///     rollcast::group_key const key("my application");
///     auto const heard = rollcast::announce::decode(datagram, key);
///     if (heard && heard->type == rollcast::message_type::hello)
///         ...
struct announcement {
    message_type type = message_type::hello;
    std::uint64_t counter = 0; ///< Counts the datagrams of this life, from 1.
    identity who{};            ///< The speaker.
    /// The speaker is no member: nobody charts it, whatever it says.
    bool observer = false;
    /// For a hello or a query: 1, 2 or 3 asks for an answer, 0 asks for none.
    std::uint8_t attempt = 0;
    std::optional<record_view> record{};
    std::optional<rollcast::summary> summary{};
    std::optional<std::uint64_t> cookie{}; ///< To be echoed by the receiver, from this address.
    std::optional<std::uint64_t> echo{};   ///< The cookie that the receiver had sent.
    std::optional<rollcast::part> part{};
    wire_list<identity> subjects{};         ///< The instances that it is about.
    wire_list<member_view> members{};       ///< Instances that the speaker holds.
    wire_list<ended_member> ended{};        ///< Instances whose end the speaker knows of.
    std::span<std::byte const> buckets{};   ///< 256 partial hashes of 4 bytes, or empty.
    std::span<std::byte const> differing{}; ///< A bit for each of the buckets, or empty.
    /// So many instances count on the speaker to watch them, where they are so many that they
    /// should beat it less often; otherwise 0.
    std::uint16_t counting = 0;
    std::size_t padding = 0; ///< Bytes without meaning.
};

} // namespace rollcast
