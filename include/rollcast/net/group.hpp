// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace rollcast::net {

/// How far a multicast group reaches. The values are the scope field of an IPv6 group (RFC 7346).
/// Routers keep the scope, not this library.
enum class scope : std::uint8_t {
    reserved = 0,
    interface_local = 1,
    link_local = 2,
    realm_local = 3,
    admin_local = 4,
    site_local = 5,
    organization_local = 8,
    global = 14,
};
BOOST_DESCRIBE_ENUM(scope, reserved, interface_local, link_local, realm_local, admin_local,
                    site_local, organization_local, global)

/// The scope of a group. IPv4 groups are mapped as RFC 2365, section 8, does: 224.0.0.0/24 is
/// link-local, 239.255.0.0/16 has scope 3, 239.192.0.0/14 is organization-local, the rest global.
/// Values without a name of their own are returned as they are. Of an address that is no group the
/// result means nothing.
ROLLCAST_EXPORT scope scope_of(asio::ip::address const& group) noexcept;

/// Whether the group means nothing without an interface: ffx1::/16 and ffx2::/16. IPv4 groups of
/// the link (224.0.0.0/24) are none of these: their route may choose.
ROLLCAST_EXPORT bool needs_interface(asio::ip::address const& group) noexcept;

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

// As text, for people.
ROLLCAST_EXPORT std::string to_string(scope value); ///< The number, where a scope has no name.
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, scope value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, group const& value);

} // namespace rollcast::net
