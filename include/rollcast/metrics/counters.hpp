// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>

namespace rollcast {

// Plain integers that an object counts in always, metrics or none. But for those of a chart they
// never go back to 0; read them on the object's executor.

/// What a subscription has seen since it was made.
struct receive_counters {
    std::uint64_t packets = 0; ///< Datagrams delivered to the program.
    std::uint64_t bytes = 0;   ///< Their payload, without headers.
    /// Datagrams discarded: of a group, source or interface that the subscription does not ask for.
    std::uint64_t filtered = 0;
    std::uint64_t truncated = 0; ///< Of the delivered, those cut to the storage.
    /// Datagrams lost in the kernel for want of queue room. The kernel tells of them with a later
    /// datagram, so losses at the end of a stream are missing.
    std::uint64_t dropped = 0;
    std::uint64_t errors = 0;      ///< Receive calls that failed.
    std::uint64_t would_block = 0; ///< Looks into a socket's queue that was empty.
    std::uint64_t joins = 0;       ///< Of the group; one for all its interfaces and sources.
    std::uint64_t leaves = 0;      ///< Those asked for; a close is none.
    /// Renewals of the membership on a link, each with a gap of some µs in which nothing is heard.
    std::uint64_t renewals = 0;
};
BOOST_DESCRIBE_STRUCT(receive_counters, (),
                      (packets, bytes, filtered, truncated, dropped, errors, would_block, joins,
                       leaves, renewals))

/// What a publication has sent since it was made.
struct send_counters {
    std::uint64_t packets = 0; ///< Datagrams sent; each one of a batch counts.
    std::uint64_t bytes = 0;   ///< Their payload, without headers.
    std::uint64_t errors =
        0; ///< Datagrams refused by rollcast or the system, without `would_block` and `dropped`.
    /// Sends begun, however often each had to wait for room; a whole batch is one.
    std::uint64_t calls = 0;
    /// Datagrams that failed with `no_buffer_space`, which is how the egress queue of this host
    /// tells that it dropped them. A publication that hears replies is not told.
    std::uint64_t dropped = 0;
    /// What `publication::try_network_error` gives, counted when it is told; those that were not
    /// read in time count, too.
    std::uint64_t network_errors = 0;
    std::uint64_t egress_changes = 0; ///< Events of `try_egress_event`, unread ones too.
};
BOOST_DESCRIBE_STRUCT(send_counters, (),
                      (packets, bytes, errors, calls, dropped, network_errors, egress_changes))

/// What a chart has heard and said in the life that runs, or ran last: each life begins with 0.
struct chart_counters {
    std::uint64_t received = 0;    ///< Datagrams of any kind, the own ones left out.
    std::uint64_t applied = 0;     ///< Of those, announcements that were acted on.
    std::uint64_t malformed = 0;   ///< Ended early, ran over, or broke a rule of the format.
    std::uint64_t foreign = 0;     ///< Another application's, or not rollcast's at all.
    std::uint64_t unsupported = 0; ///< Another major version of the protocol.
    std::uint64_t corrupted = 0;   ///< The integrity tag did not match.
    /// New instances turned away: the chart was full, or one address introduced too many at a time.
    std::uint64_t refused = 0;
    std::uint64_t stale = 0;       ///< Records older than what was known.
    std::uint64_t sent = 0;        ///< Datagrams sent.
    std::uint64_t send_errors = 0; ///< Datagrams the system refused to send.
    std::uint64_t unreadable = 0;  ///< Records whose data was no value of the type asked for.
};
BOOST_DESCRIBE_STRUCT(chart_counters, (),
                      (received, applied, malformed, foreign, unsupported, corrupted, refused,
                       stale, sent, send_errors, unreadable))

// As text for people: "{packets: 7, ...}", every counter by its name.
ROLLCAST_EXPORT std::string to_string(receive_counters const& value);
ROLLCAST_EXPORT std::string to_string(send_counters const& value);
ROLLCAST_EXPORT std::string to_string(chart_counters const& value);

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receive_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, chart_counters const& value);

} // namespace rollcast
