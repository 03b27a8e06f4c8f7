// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <boost/asio/ip/udp.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// A network this host is attached to, named by the index of the interface.
struct link {
    unsigned index = 0;
    std::vector<net::interface_address> addresses{}; ///< Ours, valid on this link.

    friend bool operator==(link const&, link const&) = default;
};

/// Where a datagram came in, and from whom.
struct arrival {
    unsigned link = 0;
    asio::ip::udp::endpoint source{};
};

/// A datagram to be sent: to one host, or to the group in every IP version the link has.
struct outgoing {
    unsigned link = 0;
    std::optional<asio::ip::udp::endpoint> to{};
    std::vector<std::byte> bytes{};
};

} // namespace rollcast::detail
