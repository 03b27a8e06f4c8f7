// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

#include <optional>

namespace rollcast {

/// Where to send, and as whom.
struct publication_config {
    /// Destination. A scope id in an IPv6 group names the interface.
    net::group group{};
    /// Address the datagrams leave from; none leaves the choice to the kernel. For IPv6 it also
    /// chooses the interface if none is named.
    std::optional<asio::ip::address> source{};
    /// Port the datagrams leave from; 0 takes an ephemeral one.
    net::port_type source_port = 0;
    /// Interface the datagrams leave by; none leaves the choice to the routing table.
    net::network_interface interface{};
    /// TTL (IPv4) or hop limit (IPv6), 0..255. 0 stays on this host, 1 on the link (RFC 1112).
    int hop_limit = 1;
    /// Whether members on this host hear the datagrams too. On the loopback interface they do in
    /// any case, whatever the hop limit.
    bool loopback = true;
    /// Whether unicast answers to the source port can be received with `recv_reply`.
    bool replies = false;
};
BOOST_DESCRIBE_STRUCT(publication_config, (),
                      (group, source, source_port, interface, hop_limit, loopback, replies))

/// The first rule the configuration breaks, or success. Opens no socket of the configuration.
error_code validate(publication_config const& config);

} // namespace rollcast
