// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/describe/enum.hpp>

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

} // namespace rollcast
