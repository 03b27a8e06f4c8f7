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

/// Names a publication within its sender.
using publication_id = std::uint64_t;

/// What became of one datagram handed to the kernel.
struct send_report {
    publication_id publication = 0; ///< Within its sender; 0 for one without.
    asio::ip::udp::endpoint destination{};
    asio::ip::udp::endpoint source{}; ///< Address and port on the wire.
    std::size_t bytes = 0;            ///< Payload.
};
BOOST_DESCRIBE_STRUCT(send_report, (), (publication, destination, source, bytes))

/// A datagram of a batch that was not sent.
struct send_failure {
    std::size_t index = 0; ///< Of its payload in the batch.
    error_code error{};
};
BOOST_DESCRIBE_STRUCT(send_failure, (), (index, error))

/// What became of a batch.
struct batch_report {
    publication_id publication = 0;
    asio::ip::udp::endpoint destination{};
    asio::ip::udp::endpoint source{};
    std::size_t packets = 0; ///< Datagrams sent.
    std::size_t bytes = 0;   ///< Their payload.
    std::vector<send_failure> failures{};
    /// Why the batch ended before its end: `would_block`, `operation_aborted`, or what keeps the
    /// publication from opening. The payloads from `next` on were not tried.
    error_code ended{};
    std::size_t next = 0;
};
BOOST_DESCRIBE_STRUCT(batch_report, (),
                      (publication, destination, source, packets, bytes, failures, ended, next))

/// What one publication of a sender made of a datagram.
struct delivery {
    send_report report{}; ///< Names the publication also where it failed.
    error_code error{};
};
BOOST_DESCRIBE_STRUCT(delivery, (), (report, error))

/// A unicast answer to a publication.
struct reply {
    std::size_t bytes = 0; ///< Payload now in the caller's buffer.
    asio::ip::udp::endpoint source{};
    /// Of this host; only with `replies_at_any_address`, otherwise unspecified.
    asio::ip::address destination{};
    bool truncated = false; ///< The answer was longer than the buffer.
};
BOOST_DESCRIBE_STRUCT(reply, (), (bytes, source, destination, truncated))

} // namespace rollcast
