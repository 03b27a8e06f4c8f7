// SPDX-License-Identifier: BSL-1.0
#include "metrics/record.hpp"

#include <algorithm>

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

template <class Snapshot>
Snapshot taken_now()
{
    Snapshot snapshot;
    static_cast<moment&>(snapshot) = moment::now();
    return snapshot;
}

} // namespace

plain_endpoint::plain_endpoint(asio::ip::udp::endpoint const& endpoint)
    : port_(endpoint.port()), is_v4_(endpoint.address().is_v4())
{
    if (is_v4_) {
        std::ranges::copy(endpoint.address().to_v4().to_bytes(), address_.begin());
    } else {
        auto const address = endpoint.address().to_v6();
        std::ranges::copy(address.to_bytes(), address_.begin());
        scope_ = address.scope_id();
    }
}

plain_endpoint::operator asio::ip::udp::endpoint() const
{
    if (!is_v4_)
        return {asio::ip::address_v6(address_, scope_), port_};
    asio::ip::address_v4::bytes_type bytes;
    std::copy_n(address_.begin(), bytes.size(), bytes.begin());
    return {asio::ip::address_v4(bytes), port_};
}

void subscription_record::delivered(asio::ip::udp::endpoint const& source, std::size_t payload_size)
{
    last.payload_size = payload_size;
    last.source = plain_endpoint(source);
    last.received_at = std::chrono::system_clock::now();
    last.is_there = true;
}

subscription_snapshot take_snapshot(subscription_record const& record)
{
    auto snapshot = taken_now<subscription_snapshot>();
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
    auto snapshot = taken_now<receiver_snapshot>();
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
    auto snapshot = taken_now<publication_snapshot>();
    assign(snapshot, record.counters);
    return snapshot;
}

sender_snapshot take_snapshot(sender_record const& record)
{
    auto snapshot = taken_now<sender_snapshot>();
    assign(snapshot, record.passed);
    snapshot.publications_added = record.publications_added;
    snapshot.publications_removed = record.publications_removed;
    snapshot.active_publications = record.active_publications;
    return snapshot;
}

chart_snapshot take_snapshot(chart_record const& record)
{
    auto snapshot = taken_now<chart_snapshot>();
    static_cast<chart_counters&>(snapshot) = record.counters;
    snapshot.instances = record.instances;
    return snapshot;
}

} // namespace rollcast::metrics
