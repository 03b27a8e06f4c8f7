// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>

namespace rollcast {

/// What a subscription has seen since it was made.
struct receive_counters {
    std::uint64_t packets = 0;     ///< Datagrams delivered.
    std::uint64_t bytes = 0;       ///< Their payload.
    std::uint64_t filtered = 0;    ///< Foreign datagrams discarded.
    std::uint64_t truncated = 0;   ///< Of the delivered, those cut to the storage.
    std::uint64_t dropped = 0;     ///< Lost in the kernel for want of queue room, as far as told.
    std::uint64_t errors = 0;      ///< Receive calls that failed.
    std::uint64_t would_block = 0; ///< Looks into a queue that was empty.
    std::uint64_t joins = 0;       ///< Of the group; one for all its interfaces and sources.
    std::uint64_t leaves = 0;      ///< Those asked for; a close is none.
    std::uint64_t renewals = 0;    ///< Of the membership on a link, each with a gap of some µs.
};
BOOST_DESCRIBE_STRUCT(receive_counters, (),
                      (packets, bytes, filtered, truncated, dropped, errors, would_block, joins,
                       leaves, renewals))

/// What a publication has sent since it was made.
struct send_counters {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0; ///< Payload of the datagrams sent.
    std::uint64_t errors =
        0;                   ///< Send calls that failed; a full buffer that was waited out is none.
    std::uint64_t calls = 0; ///< Sends begun, however often each had to wait.
    std::uint64_t dropped = 0;        ///< Discarded on this machine after the call, as far as told.
    std::uint64_t network_errors = 0; ///< What the network told of datagrams that had left.
    std::uint64_t egress_changes = 0; ///< Of the way by which datagrams leave, as noticed.
};
BOOST_DESCRIBE_STRUCT(send_counters, (),
                      (packets, bytes, errors, calls, dropped, network_errors, egress_changes))

/// What a chart has heard and said since it was made.
struct chart_counters {
    std::uint64_t received = 0;    ///< Datagrams of any kind, the own ones left out.
    std::uint64_t applied = 0;     ///< Of those, announcements of this application that were valid.
    std::uint64_t malformed = 0;   ///< Ended early, ran over, or broke a rule of the format.
    std::uint64_t foreign = 0;     ///< Another application's, or not rollcast's at all.
    std::uint64_t unsupported = 0; ///< Another major version of the protocol.
    std::uint64_t corrupted = 0;   ///< The integrity tag did not match.
    std::uint64_t refused = 0;     ///< New instances turned away because the chart was full.
    std::uint64_t stale = 0;       ///< Records older than what was known.
    std::uint64_t sent = 0;        ///< Datagrams sent.
    std::uint64_t send_errors = 0; ///< Datagrams the system refused to send.
    std::uint64_t unreadable = 0;  ///< Records whose data was no value of the type asked for.
};
BOOST_DESCRIBE_STRUCT(chart_counters, (),
                      (received, applied, malformed, foreign, unsupported, corrupted, refused,
                       stale, sent, send_errors, unreadable))

// As text: "{packets: 7, ...}".
ROLLCAST_EXPORT std::string to_string(receive_counters const& value);
ROLLCAST_EXPORT std::string to_string(send_counters const& value);
ROLLCAST_EXPORT std::string to_string(chart_counters const& value);

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receive_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, chart_counters const& value);

} // namespace rollcast
