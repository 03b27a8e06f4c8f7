// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>
#include <rollcast/net/endpoint.hpp>
#include <rollcast/net/flow.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/host_settings.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port_range.hpp>
#include <rollcast/net/scope.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/basic_endpoint.hpp>

#include <iosfwd>
#include <string>

/// The types of `rollcast::net` as text, for people; any thread. Enumerators print by their name.
/// Asio prints its addresses and endpoints to streams itself. Only what has a reader next to it
/// (`parse_address`, `parse_endpoint`, `group::parse`) is a form to rely on.
namespace rollcast::net {

/// With the scope id, as the name of the interface where that is known: "fe80::1%eth0".
ROLLCAST_EXPORT std::string to_string(asio::ip::address const& value);

/// "10.0.0.1:5000" or "[fe80::1%eth0]:5000".
template <class Protocol>
std::string to_string(asio::ip::basic_endpoint<Protocol> const& value)
{
    return to_string(value.address(), value.port());
}

ROLLCAST_EXPORT std::string to_string(scope value); ///< The number, where a scope has no name.
ROLLCAST_EXPORT std::string to_string(reverse_path_filter value);
ROLLCAST_EXPORT std::string to_string(time_source value);
ROLLCAST_EXPORT std::string to_string(launch_clock value);
ROLLCAST_EXPORT std::string to_string(interface_address const& value); ///< "10.0.0.1/24"
ROLLCAST_EXPORT std::string
to_string(unusable_address const& value); ///< "fd00::1, another host's, too"
ROLLCAST_EXPORT std::string to_string(interface_info const& value); ///< "eth0 (2), up: 10.0.0.1/24"
ROLLCAST_EXPORT std::string
to_string(port_owner const& value); ///< "python3, process 17, at 0.0.0.0"
ROLLCAST_EXPORT std::string to_string(port_range const& value); ///< "40000-40015", "40000", "any"

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, scope value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, reverse_path_filter value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, time_source value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, launch_clock value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, interface_address const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, unusable_address const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, interface_info const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, port_owner const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, port_range const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, group const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, flow const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, network_interface const& value);

} // namespace rollcast::net
