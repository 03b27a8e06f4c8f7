// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/record.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace rollcast::metrics {

using wall_time = std::chrono::system_clock::time_point;

/// When a snapshot was taken, by two clocks: the steady clock, which intervals are measured with,
/// and the system clock, which people read and which can be set.
struct ROLLCAST_EXPORT moment {
    std::chrono::steady_clock::time_point captured_at{};
    wall_time wall_captured_at{};

    static moment now();
};
BOOST_DESCRIBE_STRUCT(moment, (), (captured_at, wall_captured_at))

// What can be counted. A snapshot has the totals, a delta what they have grown by. The names are
// those of the samples in a file; `receive_counters` and `send_counters` tell more of each.

/// Of a subscription, since it was made.
struct subscription_counters {
    std::uint64_t packets_received = 0;  ///< Datagrams delivered to the program.
    std::uint64_t bytes_received = 0;    ///< Their payload.
    std::uint64_t would_block_count = 0; ///< Looks into a socket's queue that was empty.
    std::uint64_t receive_errors = 0;    ///< Receive calls that failed.
    std::uint64_t join_count = 0;
    std::uint64_t leave_count = 0; ///< Those asked for; to close is not to leave.
    std::uint64_t filtered = 0;    ///< Datagrams discarded, of what was not subscribed to.
    std::uint64_t truncated = 0;   ///< Of the datagrams delivered, those cut to the storage.
    std::uint64_t dropped = 0;     ///< Lost in the kernel for want of queue room, as far as told.
};
BOOST_DESCRIBE_STRUCT(subscription_counters, (),
                      (packets_received, bytes_received, would_block_count, receive_errors,
                       join_count, leave_count, filtered, truncated, dropped))

/// Of what went through a receiver, since its metrics were switched on.
struct receiver_counters : subscription_counters {
    std::uint64_t batch_calls = 0;            ///< Batches delivered.
    std::uint64_t batch_packets_received = 0; ///< Of `packets_received`, those in batches.
    std::uint64_t subscriptions_added = 0;
    std::uint64_t subscriptions_removed = 0; ///< Removed or taken out.
};
BOOST_DESCRIBE_STRUCT(receiver_counters, (subscription_counters),
                      (batch_calls, batch_packets_received, subscriptions_added,
                       subscriptions_removed))

/// Of a publication, since it was made.
struct publication_counters {
    std::uint64_t send_calls = 0;   ///< Sends begun; a whole batch is one.
    std::uint64_t packets_sent = 0; ///< Datagrams, each one of a batch.
    std::uint64_t bytes_sent = 0;   ///< Their payload.
    std::uint64_t send_errors = 0;  ///< Datagrams refused; a full send buffer is no error.
    std::uint64_t dropped = 0;      ///< By the egress queue of this host, as far as it told.
};
BOOST_DESCRIBE_STRUCT(publication_counters, (),
                      (send_calls, packets_sent, bytes_sent, send_errors, dropped))

/// Of what went through a sender, since its metrics were switched on. `send_calls` counts here what
/// was sent or failed: a try that found the send buffer full and a cancelled send do not count.
struct sender_counters : publication_counters {
    std::uint64_t publications_added = 0;
    std::uint64_t publications_removed = 0; ///< Removed or taken out.
};
BOOST_DESCRIBE_STRUCT(sender_counters, (publication_counters),
                      (publications_added, publications_removed))

// Snapshots: counters, gauges, and when they were copied. A reader takes them, see
// `enable_metrics`.

/// A subscription's snapshot. The last three are of the newest datagram that was delivered since
/// metrics were switched on, and none before the first.
struct subscription_snapshot : subscription_counters, moment {
    std::optional<std::uint64_t> last_payload_len{}; ///< Bytes.
    std::optional<asio::ip::udp::endpoint> last_source{};
    std::optional<wall_time> last_receive_at{}; ///< When the program was given it.
};
BOOST_DESCRIBE_STRUCT(subscription_snapshot, (subscription_counters, moment),
                      (last_payload_len, last_source, last_receive_at))

struct receiver_snapshot : receiver_counters, moment {
    std::uint64_t active_subscriptions = 0; ///< Subscriptions the receiver has now.
    std::uint64_t joined_subscriptions = 0; ///< Those of them that have joined their group.
};
BOOST_DESCRIBE_STRUCT(receiver_snapshot, (receiver_counters, moment),
                      (active_subscriptions, joined_subscriptions))

struct publication_snapshot : publication_counters, moment {};
BOOST_DESCRIBE_STRUCT(publication_snapshot, (publication_counters, moment), ())

struct sender_snapshot : sender_counters, moment {
    std::uint64_t active_publications = 0; ///< Publications the sender has now.
};
BOOST_DESCRIBE_STRUCT(sender_snapshot, (sender_counters, moment), (active_publications))

/// The record as a snapshot of this moment; what `reader::snapshot` calls.
ROLLCAST_EXPORT subscription_snapshot take_snapshot(subscription_record const& record);
ROLLCAST_EXPORT receiver_snapshot take_snapshot(receiver_record const& record);
ROLLCAST_EXPORT publication_snapshot take_snapshot(publication_record const& record);
ROLLCAST_EXPORT sender_snapshot take_snapshot(sender_record const& record);

/// A subscription or a publication on its own, told as a receiver or a sender that has only it, for
/// files of samples, which are of receivers and senders. Make deltas of what these return.
///
/// The subscription counts as joined if it has joined more often than it has left; what is closed
/// without having left still does.
ROLLCAST_EXPORT receiver_snapshot as_receiver(subscription_snapshot const& alone);
ROLLCAST_EXPORT sender_snapshot as_sender(publication_snapshot const& alone);

} // namespace rollcast::metrics
