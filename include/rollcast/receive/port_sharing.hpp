// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/describe/enum.hpp>

namespace rollcast {

/// With whom a socket shares its port.
enum class port_sharing {
    none,      ///< With nobody.
    multicast, ///< With everybody who shares it too (SO_REUSEADDR): each hears every datagram.
    /// Also with sockets that insist on SO_REUSEPORT. Beware: Linux then hands IPv4 multicast from
    /// the wire to one socket of those that share, chosen by a hash, so that others lose it.
    multicast_and_balanced,
};
BOOST_DESCRIBE_ENUM(port_sharing, none, multicast, multicast_and_balanced)

} // namespace rollcast
