// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "announce/group_key.hpp"
#include "announce/octets.hpp"

#include <cstddef>
#include <cstdint>

// The pieces datagrams are made of; docs/protocol.md describes them.

namespace rollcast::announce {

/// The kinds of field; unknown ones are skipped.
enum class field : std::uint8_t {
    identity = 1,
    record = 2,
    service_ports = 3,  // within a record
    ipv4_addresses = 4, // within a record
    ipv6_addresses = 5, // within a record
    data = 6,           // within a record
    port_names = 7,     // within a record, where there is no attempt
    attempt = 7,
    summary = 8,
    cookie = 9,
    echo = 10,
    subjects = 11,
    members = 12,
    ended = 13,
    buckets = 14,
    differing = 15,
    part = 16,
    padding = 17,
    observer = 18,
    counting = 19,
};

inline constexpr std::size_t header_size = 40;
inline constexpr std::size_t digest_size = sizeof(group_key::digest_type);
inline constexpr std::size_t field_header = 3; // kind, length
inline constexpr std::size_t record_head = 14; // sequence, beat interval, three ports
inline constexpr std::size_t identity_size = 32;
inline constexpr std::size_t member_head = 2 + identity_size + 1; // length, identity, flags
inline constexpr std::size_t ended_size = identity_size + 1 + 4;  // identity, state, age
inline constexpr std::size_t summary_size = 4 + 16 + 1;
inline constexpr std::size_t part_size = 3;

inline void put_field_header(octet_writer& out, field kind, std::size_t size)
{
    out.put(static_cast<std::uint8_t>(kind));
    out.put(static_cast<std::uint16_t>(size));
}

void put_identity(octet_writer& out, identity const& value);
identity get_identity(octet_reader& in) noexcept;

// Whether bytes from anywhere may be taken for a list.
bool is_identity_list(std::span<std::byte const> bytes) noexcept;
bool is_member_list(std::span<std::byte const> bytes) noexcept;
bool is_ended_list(std::span<std::byte const> bytes) noexcept;

} // namespace rollcast::announce
