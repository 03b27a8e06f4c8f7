// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast {

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

} // namespace rollcast
