// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>

namespace rollcast::net {

/// A UDP or TCP port; the same type as Asio uses, without the sockets that come with it.
using port_type = std::uint16_t;

/// Ports from the first to the last, both included; 0 and 0 is any port. One port is a range of
/// itself: `port_range range = 40000;`. Nothing is checked when a range is made; see `is_valid`.
struct port_range {
    port_type first = 0;
    port_type last = 0;

    constexpr port_range() noexcept = default;
    constexpr port_range(port_type only) noexcept : first(only), last(only) {}
    constexpr port_range(port_type from, port_type to) noexcept : first(from), last(to) {}

    constexpr bool is_any() const noexcept { return first == 0 && last == 0; }
    /// Whether the range is any port, or real ports in order.
    constexpr bool is_valid() const noexcept { return is_any() || (first != 0 && first <= last); }
    /// Trap: any port is the range of 0 alone; ask `is_any` first.
    constexpr bool contains(port_type port) const noexcept { return first <= port && port <= last; }

    friend constexpr bool operator==(port_range const&, port_range const&) = default;
};
BOOST_DESCRIBE_STRUCT(port_range, (), (first, last))

// As text, for people.
ROLLCAST_EXPORT std::string to_string(port_range const& value); ///< "40000-40015", "40000", "any"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, port_range const& value);

} // namespace rollcast::net

namespace rollcast {

/// With which other sockets of this host a socket shares its port. Sharing takes two: a socket that
/// refuses makes `join` of the other one fail with `address_in_use`.
enum class port_sharing {
    none,      ///< With none.
    multicast, ///< With all that share it too (SO_REUSEADDR): each hears every datagram.
    /// Also with sockets that insist on SO_REUSEPORT. Beware: Linux then hands IPv4 multicast from
    /// the wire to one socket of those that share, chosen by a hash, so that the others lose it.
    multicast_and_balanced,
};
BOOST_DESCRIBE_ENUM(port_sharing, none, multicast, multicast_and_balanced)

// As text, for people.
ROLLCAST_EXPORT std::string to_string(port_sharing value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, port_sharing value);

} // namespace rollcast
