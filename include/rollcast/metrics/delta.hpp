// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>
#include <rollcast/metrics/snapshot.hpp>

#include <boost/describe/bases.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <utility>

namespace rollcast::metrics {

/// What happened between two snapshots: the growth of each counter.
///
/// Gauges, such as `active_subscriptions`, are not in it; read them from the later snapshot.
template <class Counters>
struct growth : Counters {
    using counters_type = Counters;

    double interval_secs = 0; ///< Seconds between the snapshots, by the steady clock.
};
BOOST_DESCRIBE_STRUCT(growth<subscription_counters>, (subscription_counters), (interval_secs))
BOOST_DESCRIBE_STRUCT(growth<receiver_counters>, (receiver_counters), (interval_secs))
BOOST_DESCRIBE_STRUCT(growth<publication_counters>, (publication_counters), (interval_secs))
BOOST_DESCRIBE_STRUCT(growth<sender_counters>, (sender_counters), (interval_secs))
BOOST_DESCRIBE_STRUCT(growth<chart_counters>, (chart_counters), (interval_secs))

using subscription_delta = growth<subscription_counters>;
using receiver_delta = growth<receiver_counters>;
using publication_delta = growth<publication_counters>;
using sender_delta = growth<sender_counters>;
using chart_delta = growth<chart_counters>;

/// Negative if `later` was taken first. Setting the wall clock has no part in it.
inline double seconds_between(moment const& earlier, moment const& later) noexcept
{
    return std::chrono::duration<double>(later.captured_at - earlier.captured_at).count();
}

/// What the overloads of `delta` are made of; `Counters` is the base of `Snapshot` to compare.
template <class Counters, class Snapshot>
std::optional<growth<Counters>> growth_between(Snapshot const& earlier, Snapshot const& later)
{
    using namespace boost::describe;
    growth<Counters> result;
    result.interval_secs = seconds_between(earlier, later);
    bool backwards = later.captured_at < earlier.captured_at;
    boost::mp11::mp_for_each<describe_members<Counters, mod_public | mod_inherited>>(
        [&](auto member) {
            backwards = backwards || later.*member.pointer < earlier.*member.pointer;
            result.*member.pointer = later.*member.pointer - earlier.*member.pointer;
        });
    return backwards ? std::nullopt : std::optional(result);
}

/// The growth from one snapshot to a later one of the same object.
///
///     auto const before = reader.snapshot();
///     ... // a second later
///     if (auto const grown = metrics::delta(before, reader.snapshot()))
///         std::cout << metrics::rates(*grown).packets_per_sec;
///
/// None if the time or a counter went backwards: these are not two snapshots of one object in
/// order. Two objects whose counters happen to grow from one to the other cannot be told apart.
/// For a row of snapshots `sampler` keeps the one before.
inline std::optional<subscription_delta> delta(subscription_snapshot const& earlier,
                                               subscription_snapshot const& later)
{
    return growth_between<subscription_counters>(earlier, later);
}

inline std::optional<receiver_delta> delta(receiver_snapshot const& earlier,
                                           receiver_snapshot const& later)
{
    return growth_between<receiver_counters>(earlier, later);
}

inline std::optional<publication_delta> delta(publication_snapshot const& earlier,
                                              publication_snapshot const& later)
{
    return growth_between<publication_counters>(earlier, later);
}

inline std::optional<sender_delta> delta(sender_snapshot const& earlier,
                                         sender_snapshot const& later)
{
    return growth_between<sender_counters>(earlier, later);
}

inline std::optional<chart_delta> delta(chart_snapshot const& earlier, chart_snapshot const& later)
{
    return growth_between<chart_counters>(earlier, later);
}

/// What grew between two snapshots of a subscription or a receiver, per second of that interval; 0
/// where no time has passed. Bytes are payload.
struct receive_rates {
    double packets_per_sec = 0;
    double bytes_per_sec = 0;
    double would_block_per_sec = 0;
    double receive_errors_per_sec = 0;
};
BOOST_DESCRIBE_STRUCT(receive_rates, (),
                      (packets_per_sec, bytes_per_sec, would_block_per_sec, receive_errors_per_sec))

/// The same of a publication or a sender.
struct send_rates {
    double send_calls_per_sec = 0;
    double packets_per_sec = 0;
    double bytes_per_sec = 0;
    double send_errors_per_sec = 0;
};
BOOST_DESCRIBE_STRUCT(send_rates, (),
                      (send_calls_per_sec, packets_per_sec, bytes_per_sec, send_errors_per_sec))

/// Averages over the whole interval, by the steady clock; a burst within it does not show.
ROLLCAST_EXPORT receive_rates rates(subscription_delta const& delta);
ROLLCAST_EXPORT receive_rates rates(receiver_delta const& delta);
ROLLCAST_EXPORT send_rates rates(publication_delta const& delta);
ROLLCAST_EXPORT send_rates rates(sender_delta const& delta);

/// Turns a row of snapshots of one object into the deltas between them.
///
///     metrics::sampler<metrics::receiver_snapshot> traffic;
///     if (auto const since = traffic.sample(reader.snapshot())) // every second
///         std::cout << metrics::rates(*since).bytes_per_sec;
///
/// For snapshots of all kinds, and of the process. It holds one snapshot and has no timer of
/// its own. Threads: one at a time.
template <class Snapshot>
class sampler {
public:
    /// What happened since the snapshot before: none for the first, and none where `delta` has
    /// none, as for another object's snapshot. The next delta begins at this snapshot in any case.
    auto sample(Snapshot const& snapshot)
    {
        auto const earlier = std::exchange(previous_, snapshot);
        return earlier ? delta(*earlier, snapshot) : decltype(delta(*earlier, snapshot)){};
    }

    /// Forgets the snapshot before; the next one is a first one again.
    void reset() noexcept { previous_.reset(); }

    /// The snapshot that `sample` was called with last; none before the first and after `reset`.
    std::optional<Snapshot> const& previous() const noexcept { return previous_; }

private:
    std::optional<Snapshot> previous_;
};

// As text, for people.
ROLLCAST_EXPORT std::string to_string(subscription_delta const& value);
ROLLCAST_EXPORT std::string to_string(receiver_delta const& value);
ROLLCAST_EXPORT std::string to_string(publication_delta const& value);
ROLLCAST_EXPORT std::string to_string(sender_delta const& value);
ROLLCAST_EXPORT std::string to_string(chart_delta const& value);
ROLLCAST_EXPORT std::string to_string(receive_rates const& value);
ROLLCAST_EXPORT std::string to_string(send_rates const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sender_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, chart_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receive_rates const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_rates const& value);

} // namespace rollcast::metrics
