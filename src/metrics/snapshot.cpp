// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/snapshot.hpp>

namespace rollcast::metrics {
namespace {

void assign(subscription_counters& to, receive_counters const& from)
{
    to.packets_received = from.packets;
    to.bytes_received = from.bytes;
    to.would_block_count = from.would_block;
    to.receive_errors = from.errors;
    to.join_count = from.joins;
    to.leave_count = from.leaves;
    to.filtered = from.filtered;
    to.truncated = from.truncated;
    to.dropped = from.dropped;
}

void assign(publication_counters& to, send_counters const& from)
{
    to.send_calls = from.calls;
    to.packets_sent = from.packets;
    to.bytes_sent = from.bytes;
    to.send_errors = from.errors;
    to.dropped = from.dropped;
}

/// Copies a base class that both snapshots have: counters, or the moment.
template <class Part>
void copy(Part& to, Part const& from)
{
    to = from;
}

} // namespace

moment moment::now()
{
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

subscription_snapshot take_snapshot(subscription_record const& record)
{
    subscription_snapshot snapshot;
    copy<moment>(snapshot, moment::now());
    assign(snapshot, record.counters);
    if (record.last.is_there) {
        snapshot.last_payload_len = record.last.payload_size;
        snapshot.last_source = record.last.source;
        snapshot.last_receive_at = record.last.received_at;
    }
    return snapshot;
}

receiver_snapshot take_snapshot(receiver_record const& record)
{
    receiver_snapshot snapshot;
    copy<moment>(snapshot, moment::now());
    assign(snapshot, record.passed);
    snapshot.batch_calls = record.batch_calls;
    snapshot.batch_packets_received = record.batch_packets;
    snapshot.subscriptions_added = record.subscriptions_added;
    snapshot.subscriptions_removed = record.subscriptions_removed;
    snapshot.active_subscriptions = record.active_subscriptions;
    snapshot.joined_subscriptions = record.joined_subscriptions;
    return snapshot;
}

publication_snapshot take_snapshot(publication_record const& record)
{
    publication_snapshot snapshot;
    copy<moment>(snapshot, moment::now());
    assign(snapshot, record.counters);
    return snapshot;
}

sender_snapshot take_snapshot(sender_record const& record)
{
    sender_snapshot snapshot;
    copy<moment>(snapshot, moment::now());
    assign(snapshot, record.passed);
    snapshot.publications_added = record.publications_added;
    snapshot.publications_removed = record.publications_removed;
    snapshot.active_publications = record.active_publications;
    return snapshot;
}

receiver_snapshot as_receiver(subscription_snapshot const& alone)
{
    receiver_snapshot snapshot;
    copy<moment>(snapshot, alone);
    copy<subscription_counters>(snapshot, alone);
    snapshot.subscriptions_added = 1;
    snapshot.active_subscriptions = 1;
    snapshot.joined_subscriptions = alone.join_count > alone.leave_count;
    return snapshot;
}

sender_snapshot as_sender(publication_snapshot const& alone)
{
    sender_snapshot snapshot;
    copy<moment>(snapshot, alone);
    copy<publication_counters>(snapshot, alone);
    snapshot.publications_added = 1;
    snapshot.active_publications = 1;
    return snapshot;
}

} // namespace rollcast::metrics
