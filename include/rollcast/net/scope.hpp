// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>

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

} // namespace rollcast::net
