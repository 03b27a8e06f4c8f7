// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/metrics/counters.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <utility>

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
struct ROLLCAST_EXPORT subscription_snapshot : subscription_counters, moment {
    std::optional<std::uint64_t> last_payload_len{}; ///< Bytes.
    std::optional<asio::ip::udp::endpoint> last_source{};
    std::optional<wall_time> last_receive_at{}; ///< When the program was given it.
};
BOOST_DESCRIBE_STRUCT(subscription_snapshot, (subscription_counters, moment),
                      (last_payload_len, last_source, last_receive_at))

struct ROLLCAST_EXPORT receiver_snapshot : receiver_counters, moment {
    std::uint64_t active_subscriptions = 0; ///< Subscriptions the receiver has now.
    std::uint64_t joined_subscriptions = 0; ///< Those of them that have joined their group.
};
BOOST_DESCRIBE_STRUCT(receiver_snapshot, (receiver_counters, moment),
                      (active_subscriptions, joined_subscriptions))

struct ROLLCAST_EXPORT publication_snapshot : publication_counters, moment {};
BOOST_DESCRIBE_STRUCT(publication_snapshot, (publication_counters, moment), ())

struct ROLLCAST_EXPORT sender_snapshot : sender_counters, moment {
    std::uint64_t active_publications = 0; ///< Publications the sender has now.
};
BOOST_DESCRIBE_STRUCT(sender_snapshot, (sender_counters, moment), (active_publications))

struct ROLLCAST_EXPORT chart_snapshot : chart_counters, moment {
    std::uint64_t instances = 0; ///< In the chart, this one included unless it observes.
};
BOOST_DESCRIBE_STRUCT(chart_snapshot, (chart_counters, moment), (instances))

/// A subscription or a publication on its own, told as a receiver or a sender that has only it, for
/// files of samples, which are of receivers and senders. Make deltas of what these return.
///
/// The subscription counts as joined if it has joined more often than it has left; what is closed
/// without having left still does.
ROLLCAST_EXPORT receiver_snapshot as_receiver(subscription_snapshot const& alone);
ROLLCAST_EXPORT sender_snapshot as_sender(publication_snapshot const& alone);

/// Takes snapshots of one object's metrics, in any thread, even after the object is gone; what it
/// shows then is the last state.
///
///     auto const reader = sub.enable_metrics(); // on the executor of the object
///     auto const now = reader.snapshot();       // in any thread, at any time
///
/// A reader is cheap to copy; all copies read the same counters. One must not be read from after
/// it was moved from.
template <class Snapshot>
class ROLLCAST_EXPORT reader {
public:
    class source;
    explicit reader(std::shared_ptr<source const> from) : from_(std::move(from)) {}

    /// A copy of the counters as they were between two operations, and the time of the copy, which
    /// is not that of the last operation. Takes no lock and allocates no memory.
    Snapshot snapshot() const;

private:
    std::shared_ptr<source const> from_;
};

extern template class reader<subscription_snapshot>;
extern template class reader<receiver_snapshot>;
extern template class reader<publication_snapshot>;
extern template class reader<sender_snapshot>;
extern template class reader<chart_snapshot>;

// What `enable_metrics` of each kind of object returns.
using subscription_reader = reader<subscription_snapshot>;
using receiver_reader = reader<receiver_snapshot>;
using publication_reader = reader<publication_snapshot>;
using sender_reader = reader<sender_snapshot>;
using chart_reader = reader<chart_snapshot>;

// As text, for people.
ROLLCAST_EXPORT std::string to_string(moment const& value);
ROLLCAST_EXPORT std::string to_string(subscription_counters const& value);
ROLLCAST_EXPORT std::string to_string(receiver_counters const& value);
ROLLCAST_EXPORT std::string to_string(publication_counters const& value);
ROLLCAST_EXPORT std::string to_string(sender_counters const& value);
ROLLCAST_EXPORT std::string to_string(subscription_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(receiver_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(publication_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(sender_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(chart_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, moment const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sender_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sender_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, chart_snapshot const& value);

} // namespace rollcast::metrics
