// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What this machine is set to, as far as it decides whether multicast arrives. Read anew at every
/// call, in any thread; nothing is changed. What the system does not tell is none or empty.
namespace rollcast::net {

/// Whether IPv4 datagrams are dropped for where they come from (rp_filter of Linux).
enum class reverse_path_filter {
    off,
    strict, ///< Unless the way back to their source leads out by the interface they came in by.
    loose   ///< Unless there is a way back by any interface.
};
BOOST_DESCRIBE_ENUM(reverse_path_filter, off, strict, loose)

ROLLCAST_EXPORT std::optional<reverse_path_filter> filter_of(std::string const& interface);

/// The largest receive buffer that a program may ask for, in bytes (net.core.rmem_max).
ROLLCAST_EXPORT std::optional<std::uint64_t> largest_receive_buffer();

/// The version of IGMP that is spoken on an interface: 1, 2 or 3. It follows the querier's.
ROLLCAST_EXPORT std::optional<int> igmp_version(std::string const& interface);

/// A program that has a UDP port.
struct port_owner {
    std::string program{}; ///< Empty where we may not look.
    std::uint64_t process = 0;
    asio::ip::address address{}; ///< It is bound to; unspecified for all.
};

ROLLCAST_EXPORT std::vector<port_owner> owners_of(port_type port);

} // namespace rollcast::net
