// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

/// What this machine is set to, as far as it decides whether multicast arrives. Read anew at every
/// call from /proc, in any thread; nothing is changed, and no call fails: what the system does not
/// tell is none or empty. Interfaces go by the name that the system has for them, not by an
/// alternative one.
namespace rollcast::net {

/// Whether IPv4 datagrams are dropped for where they come from (rp_filter of Linux, RFC 3704). With
/// `strict` a group stays silent on an interface by which this machine would not answer the sender.
enum class reverse_path_filter {
    off,
    strict, ///< Unless the way back to their source leads out by the interface they came in by.
    loose   ///< Unless there is a way back by any interface.
};
BOOST_DESCRIBE_ENUM(reverse_path_filter, off, strict, loose)

/// What the kernel applies: the larger of the numbers set for this interface and for `all`, so that
/// `loose` (2) wins over `strict` (1).
ROLLCAST_EXPORT std::optional<reverse_path_filter> filter_of(std::string const& interface);

/// The largest receive buffer that a program may ask for, in bytes (net.core.rmem_max); with
/// CAP_NET_ADMIN it gets more.
ROLLCAST_EXPORT std::optional<std::uint64_t> largest_receive_buffer();

/// The version of IGMP that this machine speaks on an interface: 1, 2 or 3. It follows the version
/// of the querier: with 1 and 2 sources cannot be asked for (RFC 3376, section 7).
ROLLCAST_EXPORT std::optional<int> igmp_version(std::string const& interface);

/// A program that has a UDP port, by one of its sockets.
struct port_owner {
    std::string program{};       ///< Empty where this program may not look: of another user.
    std::uint64_t process = 0;   ///< Its process id, 0 where that is not known.
    asio::ip::address address{}; ///< The socket is bound to it; unspecified for all.
};

/// One entry for each socket that is bound to the port, of IPv4 or IPv6. Not cheap: it walks the
/// open files of every process it may look into.
ROLLCAST_EXPORT std::vector<port_owner> owners_of(port_type port);

// As text, for people.
ROLLCAST_EXPORT std::string to_string(reverse_path_filter value);
ROLLCAST_EXPORT std::string
to_string(port_owner const& value); ///< "python3, process 17, at 0.0.0.0"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, reverse_path_filter value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, port_owner const& value);

} // namespace rollcast::net
