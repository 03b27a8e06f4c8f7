// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/snapshot.hpp>

#include <boost/describe/bases.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <optional>

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

using subscription_delta = growth<subscription_counters>;
using receiver_delta = growth<receiver_counters>;
using publication_delta = growth<publication_counters>;
using sender_delta = growth<sender_counters>;

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

} // namespace rollcast::metrics
