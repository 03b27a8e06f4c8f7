// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/port.hpp>

#include <boost/describe/class.hpp>

namespace rollcast::net {

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

} // namespace rollcast::net
