// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace rollcast {

/// When a datagram has left, see `publication::send_time_told`.
struct send_time {
    /// Which datagram: its number among those handed to the kernel since the socket was opened,
    /// from 0. A datagram that the egress queue dropped counts, and with some kernels one that had
    /// to wait for room in the send buffer counts once more. Where the kernel had no room to tell
    /// of a datagram its number is left out.
    std::uint32_t number = 0;
    net::kernel_time at{}; ///< By the clock of `source`, see `net::kernel_time`.
    net::time_source source = net::time_source::none; ///< Who looked at a clock.
    /// Times before this one that were lost because the program did not read them; the newest 4096
    /// are kept.
    std::size_t missed = 0;
};
BOOST_DESCRIBE_STRUCT(send_time, (), (number, at, source, missed))

/// Names a publication within its sender; from 1, and never used again there.
using publication_id = std::uint64_t;

/// What became of one datagram: the kernel has taken it. That it has left, or that a member of the
/// group has got it, is more than a report can tell.
struct send_report {
    publication_id publication = 0; ///< Within its sender; 0 for a publication without sender.
    asio::ip::udp::endpoint destination{};
    asio::ip::udp::endpoint source{}; ///< Address and port that the datagram leaves from.
    std::size_t bytes = 0;            ///< Payload; 0 where sending failed.
};
BOOST_DESCRIBE_STRUCT(send_report, (), (publication, destination, source, bytes))

/// A datagram of a batch that was not sent.
struct send_failure {
    std::size_t index = 0; ///< Position of its payload in the batch, from 0.
    error_code error{};
};
BOOST_DESCRIBE_STRUCT(send_failure, (), (index, error))

/// What became of a batch. Each payload below `next` was sent or is among the failures.
struct batch_report {
    publication_id publication = 0; ///< As in `send_report`.
    asio::ip::udp::endpoint destination{};
    asio::ip::udp::endpoint source{};     ///< Of the last datagrams, if it changed meanwhile.
    std::size_t packets = 0;              ///< Datagrams the kernel has taken.
    std::size_t bytes = 0;                ///< Their payload.
    std::vector<send_failure> failures{}; ///< In the order of the batch.
    /// Why the batch ended before its end: `would_block`, `operation_aborted`, what keeps the
    /// publication from opening, or what is wrong with the times of `try_send_batch_at`. The
    /// payloads from `next` on were not sent; to go on, send them as another batch.
    error_code ended{};
    std::size_t next = 0;
};
BOOST_DESCRIBE_STRUCT(batch_report, (),
                      (publication, destination, source, packets, bytes, failures, ended, next))

/// What one publication of a sender made of a datagram.
struct delivery {
    send_report report{}; ///< Names the publication also where sending failed.
    error_code error{};   ///< As of `publication::send` or `try_send`; none where it was sent.
};
BOOST_DESCRIBE_STRUCT(delivery, (), (report, error))

/// A unicast answer to a publication.
struct reply {
    std::size_t bytes = 0;            ///< Payload now in the caller's buffer.
    asio::ip::udp::endpoint source{}; ///< The host and port that answered.
    /// The address of this host that the answer came to; only with `replies_at_any_address`,
    /// otherwise unspecified.
    asio::ip::address destination{};
    bool truncated = false; ///< The answer was longer than the buffer.
};
BOOST_DESCRIBE_STRUCT(reply, (), (bytes, source, destination, truncated))

/// What can become of the way by which datagrams of a publication leave.
enum class egress_change {
    lost,     ///< Nothing can leave by the interface: it is gone, down, or no cable is plugged in.
    restored, ///< Datagrams can leave by the interface again.
    moved,    ///< No interface was configured, and routes lead to another one now.
};
BOOST_DESCRIBE_ENUM(egress_change, lost, restored, moved)

/// A change of the way by which datagrams of a publication leave, see
/// `publication::egress_changed`.
struct egress_event {
    egress_change change = egress_change::lost;
    std::string interface{};          ///< The one lost, restored, or moved to, by its name.
    unsigned interface_index = 0;     ///< The same by its index.
    asio::ip::udp::endpoint source{}; ///< Address and port that datagrams leave from now.
    /// Events before this one that were lost because the program did not read them in time; the
    /// newest 32 are kept.
    std::size_t missed = 0;
};
BOOST_DESCRIBE_STRUCT(egress_event, (), (change, interface, interface_index, source, missed))

/// What a router on the way or the host at its end has told of a datagram that had left (ICMP,
/// ICMPv6), or the egress queue of a datagram that had a time to leave. Other members of the group
/// may have got the datagram all the same.
///
/// ICMP can be forged: take a report for a hint, and not for a proof.
struct network_error {
    asio::ip::udp::endpoint destination{}; ///< Where the datagram was sent to.
    asio::ip::address reporter{}; ///< The router or host; unspecified for the egress queue.
    error_code error{};           ///< `connection_refused`: no socket listens on the port there.
    /// With `message_size`: bytes of IP packet, headers included, that would have passed.
    std::uint32_t mtu = 0;
    /// Of a datagram that the egress queue dropped for its time: that time. The error is
    /// `launch_time_missed` or `launch_time_invalid` then.
    std::optional<net::launch_time> launch{};
};
BOOST_DESCRIBE_STRUCT(network_error, (), (destination, reporter, error, mtu, launch))

// As text, for people.
ROLLCAST_EXPORT std::string
to_string(send_report const& value); ///< "12 bytes, 10.0.0.1:4000 > 239.1.1.1:5000"
ROLLCAST_EXPORT std::string to_string(send_failure const& value);
ROLLCAST_EXPORT std::string to_string(batch_report const& value);
ROLLCAST_EXPORT std::string to_string(delivery const& value);
ROLLCAST_EXPORT std::string to_string(network_error const& value);
ROLLCAST_EXPORT std::string to_string(send_time const& value);
ROLLCAST_EXPORT std::string to_string(egress_change value);
ROLLCAST_EXPORT std::string to_string(egress_event const& value); ///< "moved eth1 (3)"
ROLLCAST_EXPORT std::string to_string(reply const& value);        ///< "12 bytes from 10.0.0.2:4000"
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_report const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_failure const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, batch_report const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, delivery const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, network_error const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_time const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, egress_change value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, egress_event const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, reply const& value);

} // namespace rollcast
