// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/error/explained_error.hpp>
#include <rollcast/net/port.hpp>
#include <rollcast/net/scope.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <string>
#include <string_view>

namespace rollcast::net {

/// Whether the address lies in the source-specific range, 232.0.0.0/8 or ff3x::/32 (RFC 4607).
ROLLCAST_EXPORT bool is_source_specific(asio::ip::address const& address) noexcept;

/// A multicast group and the UDP port its datagrams are sent to.
///
/// Any address may be stored; `is_multicast` tells whether it is a group. An IPv6 address may
/// carry a scope id (`ff02::1%eth0`), which then names the interface, and which counts where groups
/// are compared.
///
///     net::group const fixed{asio::ip::make_address("239.1.1.1"), 5000};
///     net::group const read = net::group::parse("239.1.1.1:5000").value(); // throws
struct ROLLCAST_EXPORT group {
    asio::ip::address address;
    net::port_type port = 0;

    group() = default;
    group(asio::ip::address group_address, net::port_type group_port) noexcept;
    explicit group(asio::ip::udp::endpoint const& endpoint);

    /// Reads "239.1.1.1:5000" or "[ff15::1]:5000". Fails with `error::malformed`, and with
    /// `error::not_multicast` or `error::invalid_port` where the parts can be read but are wrong.
    /// The message has the text and how it would be right.
    static explained_result<group> parse(std::string_view text);

    bool is_multicast() const noexcept { return address.is_multicast(); }
    /// A group that is needs `subscription_config::sources`.
    bool is_source_specific() const noexcept { return net::is_source_specific(address); }
    net::scope scope() const noexcept { return scope_of(address); }
    asio::ip::udp protocol() const noexcept; ///< To open a socket of the group's IP version.
    asio::ip::udp::endpoint endpoint() const noexcept { return {address, port}; }

    friend bool operator==(group const&, group const&) = default;
};
BOOST_DESCRIBE_STRUCT(group, (), (address, port))

/// The form that `group::parse` reads.
ROLLCAST_EXPORT std::string to_string(group const& value);

} // namespace rollcast::net
