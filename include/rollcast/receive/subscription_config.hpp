// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/receive/metadata.hpp>
#include <rollcast/receive/port_sharing.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace rollcast {

/// What to listen to, and where.
struct ROLLCAST_EXPORT subscription_config {
    /// Group to join, and the port to bind. A scope id in an IPv6 group names the interface.
    net::group group{};
    /// Where to join. None leaves the choice to the routing table, which may choose anew later.
    std::vector<net::network_interface> interfaces{};
    /// The only senders to accept (RFC 4607); required for groups in 232.0.0.0/8 and ff3x::/32, and
    /// refused for others unless `allow_any_source_range` is set.
    std::vector<asio::ip::address> sources{};
    /// Takes sources for groups outside of those ranges, too, as ST 2110 and AES67 announce them
    /// (239.0.0.0/8). Routers may treat such a group as one of any source all the same.
    bool allow_any_source_range = false;
    /// Senders not to accept, in a group that is not source-specific and without `sources`.
    std::vector<asio::ip::address> blocked{};
    port_sharing sharing = port_sharing::multicast;
    /// Bytes the kernel may queue; 0 keeps the system's default (net.core.rmem_default). Beyond
    /// net.core.rmem_max it grants them to root only (CAP_NET_ADMIN);
    /// `subscription::receive_buffer_size` tells what it granted.
    std::size_t receive_buffer = 0;
    /// Optional metadata to ask the kernel for.
    metadata_mask metadata = metadata_mask::all;
    /// Whether the kernel may hand over runs of datagrams of one flow in one piece (UDP_GRO). They
    /// are told apart again before anybody sees them; a run shares one set of metadata (`in_run`),
    /// so that whoever needs a receive time of each datagram does without.
    bool coalesce = true;
    /// Whether a receive that finds nothing looks for more with the driver itself (SO_BUSY_POLL),
    /// which costs processor time for latency: once, whatever the time, since the socket does not
    /// block. While it waits the system polls as net.core.busy_poll says. 0 leaves it to the
    /// system; half an hour at most. Some systems take CAP_NET_ADMIN for more than
    /// net.core.busy_read.
    std::chrono::microseconds busy_poll{0};
    /// Whether receive times are those of the network adapter, where it tells them:
    /// `packet_metadata::receive_time_source` says which; a datagram without has the kernel's. The
    /// adapter has to be told to take them (`hwstamp_ctl -i eth0 -r 1`).
    bool hardware_timestamps = false;
    /// A device whose routes choose where no interface is named: a VRF. Interfaces that are named
    /// need none.
    std::string device{};
    /// Where nothing of the group was heard on a link for so long, its membership is renewed, since
    /// a switch may have forgotten it (see `subscription::renew`); 0: never. What is not asked
    /// about is forgotten after 260 s (RFC 3376, 8.4).
    std::chrono::seconds renewal_interval{120};

    static subscription_config any_source(net::group group);
    static subscription_config source_specific(net::group group, asio::ip::address source);
};
BOOST_DESCRIBE_STRUCT(subscription_config, (),
                      (group, interfaces, sources, allow_any_source_range, blocked, sharing,
                       receive_buffer, metadata, coalesce, busy_poll, hardware_timestamps, device,
                       renewal_interval))

/// The first rule the configuration breaks, or success. Opens no socket of the configuration.
ROLLCAST_EXPORT error_code validate(subscription_config const& config);

/// What `validate`, `subscription::join` or receiving said, with the value it is about and what
/// would be right: "eht0: no such interface (there are: lo, eth0); ...".
ROLLCAST_EXPORT std::string explain(subscription_config const& config, error_code const& ec);

} // namespace rollcast
