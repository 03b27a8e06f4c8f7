// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

namespace rollcast::net {

/// "10.0.0.1:5000" or "[fe80::1%eth0]:5000": an IPv6 address is in brackets, or nobody could tell
/// where it ends and the port begins.
ROLLCAST_EXPORT std::string to_string(asio::ip::address const& address, net::port_type port);
ROLLCAST_EXPORT std::string to_string(asio::ip::udp::endpoint const& endpoint);

/// Reads an address, with a scope id by interface name or index ("fe80::1%eth0", "ff02::1%2").
/// Fails with `error::malformed`, or with `error::unknown_interface` where no interface has the
/// scope id. Names of hosts are not looked up. Only a text with a scope id asks the system, for the
/// list of interfaces.
ROLLCAST_EXPORT explained_result<asio::ip::address> parse_address(std::string_view text);

/// Reads what `to_string` writes; port 0 is read, too. Fails as `parse_address` does. The message
/// tells what is missing and how the text would be right.
///
///     auto const to = net::parse_endpoint("[ff15::1]:5000");
///     if (!to)
///         std::cerr << to.error() << '\n';
ROLLCAST_EXPORT explained_result<asio::ip::udp::endpoint> parse_endpoint(std::string_view text);

/// The source that sends to a group and port: what a publication announces, and what a
/// source-specific receiver needs to subscribe to it, a channel in the words of RFC 4607.
///
///     auto config = subscription_config::source_specific({flow.group, flow.port}, flow.source);
struct flow {
    asio::ip::address source;
    asio::ip::address group;
    net::port_type port = 0;

    friend bool operator==(flow const&, flow const&) = default;
};
BOOST_DESCRIBE_STRUCT(flow, (), (source, group, port))

/// "10.0.0.1 > 232.1.1.1:5000"
ROLLCAST_EXPORT std::string to_string(flow const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, flow const& value);

/// With the scope id, as the name of the interface where that is known: "fe80::1%eth0".
ROLLCAST_EXPORT std::string to_string(asio::ip::address const& value);

/// "10.0.0.1:5000" or "[fe80::1%eth0]:5000".
template <class Protocol>
std::string to_string(asio::ip::basic_endpoint<Protocol> const& value)
{
    return to_string(value.address(), value.port());
}

} // namespace rollcast::net
