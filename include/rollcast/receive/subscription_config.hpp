// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/packet.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>
#include <vector>

namespace rollcast {

/// What to listen to, and where. A value that may be changed and copied freely: it is checked by
/// `validate` and by `subscription::join`, not while it is filled in.
///
///     auto config = subscription_config::source_specific({group, 5000}, sender);
///     config.interfaces = {"eth0", "eth1"};
struct ROLLCAST_EXPORT subscription_config {
    /// Group to join, and the port to bind. A scope id in an IPv6 group names the interface.
    net::group group{};
    /// Where to join. No interface leaves the choice to the routing table, which may choose anew
    /// later; a group of link-local scope of IPv6 then needs a machine with one link.
    std::vector<net::network_interface> interfaces{};
    /// The only senders to accept (RFC 4607); required for groups in 232.0.0.0/8 and ff3x::/32, and
    /// refused for others unless `allow_any_source_range` is set.
    std::vector<asio::ip::address> sources{};
    /// Takes sources for groups outside of those ranges, too, as ST 2110 and AES67 announce them
    /// (239.0.0.0/8). Routers may treat such a group as an any-source group all the same.
    bool allow_any_source_range = false;
    /// Senders not to accept, in a group that is not source-specific and without `sources`.
    std::vector<asio::ip::address> blocked{};
    port_sharing sharing = port_sharing::multicast;
    /// Bytes the kernel may queue for each socket, of which each interface has one; 0 keeps the
    /// system's default (net.core.rmem_default). Beyond net.core.rmem_max the kernel grants them to
    /// root only (CAP_NET_ADMIN); `subscription::receive_buffer_size` tells what it granted.
    std::size_t receive_buffer = 0;
    /// Optional metadata to ask the kernel for.
    metadata_mask metadata = metadata_mask::all;
    /// Whether the kernel may hand over runs of datagrams of one flow in one piece (UDP_GRO). The
    /// subscription cuts runs into datagrams again; a run shares one set of metadata (`in_run`), so
    /// switch this off where each datagram needs a receive time of its own.
    bool coalesce = true;
    /// Whether a receive that finds nothing looks for more with the driver itself (SO_BUSY_POLL),
    /// which costs processor time for latency: once for each such receive, whatever the time, since
    /// the socket does not block. While a receive waits the system polls as net.core.busy_poll
    /// says. 0 leaves it to the system; half an hour at most. Some systems take CAP_NET_ADMIN for
    /// more than net.core.busy_read.
    std::chrono::microseconds busy_poll{0};
    /// Whether receive times are those of the network adapter, where it tells them; a datagram
    /// without such a time has the kernel's, and `packet_metadata::receive_time_source` says which.
    /// The adapter has to be told to take times (`hwstamp_ctl -i eth0 -r 1`).
    bool hardware_timestamps = false;
    /// A device whose routes choose where no interface is named: a VRF. Interfaces that are named
    /// need none.
    std::string device{};
    /// Where nothing of the group was heard on a link for so long, the membership on it is renewed,
    /// since a switch may have forgotten it (see `subscription::renew`); 0: never. A membership
    /// that no report confirms is forgotten after 260 s (RFC 3376, 8.4).
    std::chrono::seconds renewal_interval{120};

    /// All else is the default, and may be changed afterwards.
    static subscription_config any_source(net::group group);
    static subscription_config source_specific(net::group group, asio::ip::address source);
};
BOOST_DESCRIBE_STRUCT(subscription_config, (),
                      (group, interfaces, sources, allow_any_source_range, blocked, sharing,
                       receive_buffer, metadata, coalesce, busy_poll, hardware_timestamps, device,
                       renewal_interval))

/// The first rule the configuration breaks, or success. Opens no socket of the configuration; where
/// it names an interface, or its group needs one, the machine's interfaces are listed.
///
/// Errors: `not_multicast`, `invalid_port`; `source_required`, `group_not_source_specific`,
/// `not_any_source`, `source_family_mismatch`, `invalid_source`; `invalid_busy_poll`; what
/// `net::resolve_for` finds, `interface_mismatch`, `interface_required`; `duplicate_entry` for a
/// source or an interface; or the system's. What only the system can refuse (a device, a route, a
/// port in use) `subscription::join` finds.
ROLLCAST_EXPORT error_code validate(subscription_config const& config);

/// The error of `validate`, `subscription::join` or a receive in words, with the value it is about
/// and what would be right: "eht0: no such interface (there are: lo, eth0); ...".
ROLLCAST_EXPORT std::string explain(subscription_config const& config, error_code const& ec);

/// What happened to a membership without a call of the program.
enum class membership_change {
    lost,     ///< The interface is gone, or the system has dropped the membership on it.
    rejoined, ///< An interface of that name is there again, and the group is joined on it.
    /// The configuration names no interface, and the routing table sends the group to another one
    /// now: the group is joined on that.
    moved,
    /// The membership was to be renewed, but another socket of this host holds the group on that
    /// interface, so that the system tells the network nothing; and for the program to do so itself
    /// takes CAP_NET_RAW. Told once for each interface.
    unreported,
};
BOOST_DESCRIBE_ENUM(membership_change, lost, rejoined, moved, unreported)

/// What became of a membership that was not left: on one interface, of one subscription.
struct membership_event {
    membership_change change = membership_change::lost;
    std::string interface{};          ///< The name; for `moved` the new interface.
    unsigned interface_index = 0;     ///< A re-created interface has a new one.
    subscription_id subscription = 0; ///< Within its receiver; 0 without a receiver.
    std::size_t missed = 0; ///< Events lost just before this one: of those unread 32 are kept.
};
BOOST_DESCRIBE_STRUCT(membership_event, (),
                      (change, interface, interface_index, subscription, missed))

// As text, for people.
ROLLCAST_EXPORT std::string to_string(membership_change value);
ROLLCAST_EXPORT std::string to_string(membership_event const& value); ///< "rejoined eth0 (7)"
ROLLCAST_EXPORT std::string to_string(subscription_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, membership_change value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, membership_event const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_config const& value);

} // namespace rollcast
