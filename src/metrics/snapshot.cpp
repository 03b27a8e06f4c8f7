// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/snapshot.hpp>

namespace rollcast::metrics {
namespace {

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
