// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace rollcast {

/// Where to send, from which address, and how. Only the group has to be given:
///
///     rollcast::publication_config config{.group = net::group::parse("239.1.1.1:5000").value()};
///     config.interface = "eth0";
///
/// It is checked when a publication opens, or before by `validate`.
struct ROLLCAST_EXPORT publication_config {
    /// Destination, with a port other than 0. A scope id in an IPv6 group names the interface.
    net::group group{};
    /// Address the datagrams leave from; none leaves the choice to the kernel. For IPv6 it also
    /// chooses the interface if none is named.
    std::optional<asio::ip::address> source{};
    /// Port the datagrams leave from; 0 takes an ephemeral one.
    net::port_type source_port = 0;
    /// Interface the datagrams leave by; none leaves the choice to the routing table. Where an
    /// address names the interface, datagrams leave from that address, unless `source` is set.
    net::network_interface interface{};
    /// TTL (IPv4) or hop limit (IPv6), 0..255. With 0 datagrams stay on this host, with 1, the
    /// default of RFC 1112, on the link.
    int hop_limit = 1;
    /// Differentiated services code point (RFC 2474), 0..63; 0 is best effort.
    int dscp = 0;
    /// Whether members on this host hear the datagrams too. On the loopback interface they do in
    /// any case, whatever the hop limit.
    bool loopback = true;
    /// Whether unicast answers to the source port can be received with `recv_reply`. Drops in the
    /// egress queue are not told then.
    bool replies = false;
    /// Whether answers are heard at every address of this host, not only at the one that datagrams
    /// to the group leave from. Takes `replies`, no `source`, and an interface that is not named by
    /// an address; else it has no effect.
    bool replies_at_any_address = false;
    /// Priority in the queues of this host (SO_PRIORITY), 0 the lowest; above 6 it takes
    /// CAP_NET_ADMIN, or with newer kernels CAP_NET_RAW. None leaves it to the kernel, which takes
    /// it from the DSCP for IPv4 only.
    std::optional<int> priority{};
    /// Whether datagrams stay whole: datagrams that are too long for the way out are refused
    /// (`message_size`) instead of cut, and routers do not cut them either (RFC 791).
    bool dont_fragment = false;
    /// Device the socket is bound to (SO_BINDTOIFINDEX), by a name of 15 characters at most, whose
    /// routes are used: a VRF, or an interface, which answers have to come in by, too.
    std::string device{};
    /// By which clock `send_at` names the time at which a datagram is to leave (SO_TXTIME). An
    /// egress queue has to keep such times (`fq`, `etf`); other queues send at once. A datagram
    /// that the queue drops for its time is told as a `network_error`.
    net::launch_clock launch_times = net::launch_clock::none;
    /// Whose clock is looked at when a datagram leaves, for `send_time_told`. The network adapter
    /// has to be told to do so (`hwstamp_ctl -i eth0 -t 1`). Batches cost more then, since the
    /// kernel gets each datagram singly and not in runs (see `publication::send_batch`).
    net::time_source send_times = net::time_source::none;
    /// Bytes the kernel may hold for sending; 0 keeps the system's default (net.core.wmem_default).
    /// Beyond net.core.wmem_max it grants them to root only (CAP_NET_ADMIN);
    /// `publication::send_buffer_size` tells what was granted.
    std::size_t send_buffer = 0;
    /// Bytes per second at most, headers included; 0 for no limit. The kernel's fair queue paces
    /// (`tc qdisc add dev IF root fq`); without it the limit has no effect.
    std::uint64_t pacing_rate = 0;

    /// Sets `source` and `source_port` from an endpoint as bind(2) takes it: the scope id of a
    /// link-local address names the interface, and an unspecified address leaves the source to the
    /// kernel.
    publication_config& bind(asio::ip::udp::endpoint const& endpoint);
};
BOOST_DESCRIBE_STRUCT(publication_config, (),
                      (group, source, source_port, interface, hop_limit, dscp, loopback, replies,
                       replies_at_any_address, priority, dont_fragment, device, launch_times,
                       send_times, send_buffer, pacing_rate))

/// The first rule the configuration breaks, or success. Any thread.
///
/// Opens no socket of the configuration, but asks the system for its interfaces: an interface or a
/// source is judged by what is there now. Whether a route leads to the group, a port is free, or
/// this program may have the priority shows when the publication opens.
ROLLCAST_EXPORT error_code validate(publication_config const& config);

/// An error of `validate`, `publication::open` or sending as text for people, with the value that
/// it is about and what would be right: "eht0: no such interface (there are: lo, eth0); ...".
ROLLCAST_EXPORT std::string explain(publication_config const& config, error_code const& ec);

// As text, for people.
ROLLCAST_EXPORT std::string to_string(publication_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_config const& value);

} // namespace rollcast
