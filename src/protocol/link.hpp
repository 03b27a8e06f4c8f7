// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/address_scope.hpp"
#include "protocol/endpoint.hpp"

#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// A network this host is attached to, named by the index of the interface.
struct link {
    unsigned index = 0;
    std::vector<net::interface_address> addresses{}; ///< Ours, valid on this link.
    net::port_type unicast_port_v4 = 0; ///< Where we hear unicast; 0: not by this IP version.
    net::port_type unicast_port_v6 = 0;

    bool speaks(bool v4) const noexcept { return (v4 ? unicast_port_v4 : unicast_port_v6) != 0; }
    bool is_loopback() const noexcept
    {
        return std::ranges::any_of(addresses,
                                   [](auto const& each) { return each.address.is_loopback(); });
    }
    friend bool operator==(link const&, link const&) = default;
};

/// The link a datagram came in by, and where from.
struct arrival {
    unsigned link = 0;
    endpoint source{};
    bool multicast = false;    ///< It was sent to the group.
    asio::ip::address asked{}; ///< The own address it was sent to, if known.
};

/// IP versions of the group to send to.
enum class versions { all, v4, v6 };

/// A datagram to be sent: to one host, or to the group.
struct outgoing {
    unsigned link = 0;
    std::optional<endpoint> to{};
    std::vector<std::byte> bytes{};
    versions by = versions::all;         ///< For the group: all that the link has, or one of them.
    std::vector<net::port_type> ports{}; ///< For the group, beside the own discovery port.
    asio::ip::address from{};            ///< The own address it leaves from; unspecified: any.
};

} // namespace rollcast::detail
