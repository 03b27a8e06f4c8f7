// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "announce/group_key.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcast::announce {

/// No datagram is longer, so that none is fragmented on any common link: with the headers of IPv6
/// and UDP, 48 bytes, it stays below the 1280 that every link of IPv6 carries (RFC 8200).
inline constexpr std::size_t max_datagram = 1200;
inline constexpr std::size_t max_addresses = 8; ///< Of one record, both IP versions together.

/// No record is longer, so that what fits into a hello can be passed on by other instances, whose
/// answers to a pull have more fields beside it.
inline constexpr std::size_t max_record = 1000;

/// Where in a datagram its type stands.
inline constexpr std::size_t type_offset = 3;
inline constexpr std::size_t max_service_ports = 64; ///< Of one record.
inline constexpr std::size_t max_port_name = 16;     ///< Bytes.

/// In so many parts a chart's hash is divided to find where two charts differ.
inline constexpr std::size_t bucket_count = 256;

/// Bytes of one ended_member in a wire_list, of a member_view beside its record, and of the field
/// around a list.
inline constexpr std::size_t ended_member_size = 37;
inline constexpr std::size_t member_overhead = 35;
inline constexpr std::size_t list_overhead = 3;

/// Whether a service port may be called so: 1 to 16 bytes of UTF-8 without blanks, control
/// characters and invisible ones, since names are printed, typed as `http=8042` and compared by
/// people. docs/protocol.md lists the characters.
bool is_port_name(std::string_view text) noexcept;

/// Bytes of data that fit into a record with so many service ports, whatever its addresses, and
/// beside these names of ports: 846 without any port, 2 less for each port, and for names 3 less
/// and 1 more than its length for each. 0 where not even the names fit. There is room for eight
/// IPv6 addresses, so that no later change of addresses can make the data too large.
std::size_t max_data_size(std::size_t service_ports,
                          std::span<std::string const> port_names = {}) noexcept;

/// A record in the form of the wire; addresses past `max_addresses` are left out, IPv6 first.
///
/// Errors: `data_too_large`, `too_many_ports` (also with names that do not fit, or more names than
/// ports), `invalid_port_name`, `duplicate_port_name`.
result<std::vector<std::byte>> pack(record const& value);

/// The view of a packed record; fails with `error::malformed`, also where it is longer than
/// `max_record`.
result<record_view> view_record(std::span<std::byte const> packed) noexcept;

/// The record with memory of its own; the view must be one that `view_record` or `decode` gave.
record unpack(record_view const& value);

// One more value at the end of the bytes of a wire_list. The record of a member_view is copied.
void append(std::vector<std::byte>& list, identity const& value);
void append(std::vector<std::byte>& list, member_view const& value);
void append(std::vector<std::byte>& list, ended_member const& value);

/// The size of a datagram, before it is written: cheap, to see what else fits into it.
std::size_t encoded_size(announcement const& value) noexcept;

/// The datagram for an announcement. Fails with `error::data_too_large` where that would be longer
/// than `max_datagram`; views must be of packed records and appended lists. It does not ask whether
/// the announcement has what its type needs: `decode` does.
result<std::vector<std::byte>> encode(announcement const& value, group_key const& key);

/// The meaning of a datagram, in views of it. The bytes may come from anybody. Allocates nothing,
/// never throws.
///
/// Errors: `error::foreign`, `unsupported_version` (also of a type that is not known), `corrupted`
/// or `malformed`. Success says that the speaker knew the application's name, and not that it is
/// who it says.
result<announcement> decode(std::span<std::byte const> datagram, group_key const& key) noexcept;

} // namespace rollcast::announce
