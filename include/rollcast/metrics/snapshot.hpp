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

/// When a snapshot was taken: by the clock that intervals are measured with, and by that of people.
struct ROLLCAST_EXPORT moment {
    std::chrono::steady_clock::time_point captured_at{};
    wall_time wall_captured_at{};

    static moment now();
};
BOOST_DESCRIBE_STRUCT(moment, (), (captured_at, wall_captured_at))

// What can be counted. A snapshot has the totals, a delta what they have grown by.

struct subscription_counters {
    std::uint64_t packets_received = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t would_block_count = 0;
    std::uint64_t receive_errors = 0;
    std::uint64_t join_count = 0;
    std::uint64_t leave_count = 0;
    std::uint64_t filtered = 0;
    std::uint64_t truncated = 0;
    std::uint64_t dropped = 0;
};
BOOST_DESCRIBE_STRUCT(subscription_counters, (),
                      (packets_received, bytes_received, would_block_count, receive_errors,
                       join_count, leave_count, filtered, truncated, dropped))

struct receiver_counters : subscription_counters {
    std::uint64_t batch_calls = 0;
    std::uint64_t batch_packets_received = 0;
    std::uint64_t subscriptions_added = 0;
    std::uint64_t subscriptions_removed = 0;
};
BOOST_DESCRIBE_STRUCT(receiver_counters, (subscription_counters),
                      (batch_calls, batch_packets_received, subscriptions_added,
                       subscriptions_removed))

struct publication_counters {
    std::uint64_t send_calls = 0;
    std::uint64_t packets_sent = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t send_errors = 0;
    std::uint64_t dropped = 0;
};
BOOST_DESCRIBE_STRUCT(publication_counters, (),
                      (send_calls, packets_sent, bytes_sent, send_errors, dropped))

struct sender_counters : publication_counters {
    std::uint64_t publications_added = 0;
    std::uint64_t publications_removed = 0;
};
BOOST_DESCRIBE_STRUCT(sender_counters, (publication_counters),
                      (publications_added, publications_removed))

// Snapshots: counters, gauges, and when.

struct subscription_snapshot : subscription_counters, moment {
    std::optional<std::uint64_t> last_payload_len{}; ///< Of the newest datagram, as its source.
    std::optional<asio::ip::udp::endpoint> last_source{};
    std::optional<wall_time> last_receive_at{};
};
BOOST_DESCRIBE_STRUCT(subscription_snapshot, (subscription_counters, moment),
                      (last_payload_len, last_source, last_receive_at))

struct receiver_snapshot : receiver_counters, moment {
    std::uint64_t active_subscriptions = 0;
    std::uint64_t joined_subscriptions = 0;
};
BOOST_DESCRIBE_STRUCT(receiver_snapshot, (receiver_counters, moment),
                      (active_subscriptions, joined_subscriptions))

struct publication_snapshot : publication_counters, moment {};
BOOST_DESCRIBE_STRUCT(publication_snapshot, (publication_counters, moment), ())

struct sender_snapshot : sender_counters, moment {
    std::uint64_t active_publications = 0;
};
BOOST_DESCRIBE_STRUCT(sender_snapshot, (sender_counters, moment), (active_publications))

ROLLCAST_EXPORT subscription_snapshot take_snapshot(subscription_record const& record);
ROLLCAST_EXPORT receiver_snapshot take_snapshot(receiver_record const& record);
ROLLCAST_EXPORT publication_snapshot take_snapshot(publication_record const& record);
ROLLCAST_EXPORT sender_snapshot take_snapshot(sender_record const& record);

/// A subscription or a publication on its own, told as a receiver or a sender that has only it.
ROLLCAST_EXPORT receiver_snapshot as_receiver(subscription_snapshot const& alone);
ROLLCAST_EXPORT sender_snapshot as_sender(publication_snapshot const& alone);

} // namespace rollcast::metrics
