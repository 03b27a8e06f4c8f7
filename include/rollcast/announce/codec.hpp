// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/announcement.hpp>
#include <rollcast/announce/group_key.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace rollcast::announce {

/// No datagram is longer, so that none is fragmented on any common link.
inline constexpr std::size_t max_datagram = 1200;
inline constexpr std::size_t max_addresses = 8;
inline constexpr std::size_t max_service_ports = 64;

/// Bytes of data that fit into a record with so many service ports, whatever its addresses.
std::size_t max_data_size(std::size_t service_ports) noexcept;

/// The datagram for an announcement. Fails with `error::data_too_large` or
/// `error::too_many_ports`; addresses past `max_addresses` are left out.
result<std::vector<std::byte>> encode(announcement const& value, group_key const& key);

/// The meaning of a datagram. Allocates no more than the datagram holds and never throws but for
/// want of memory. Fails with `error::foreign`, `unsupported_version`, `corrupted` or `malformed`.
result<announcement> decode(std::span<std::byte const> datagram, group_key const& key);

} // namespace rollcast::announce
