// SPDX-License-Identifier: BSL-1.0
#include "metrics_files/samples.hpp"

#include "metrics_files/seconds.hpp"

#include <rollcast/metrics/delta.hpp>

#include <boost/json/value.hpp>

#include <initializer_list>
#include <string>

namespace rollcast::metrics {
namespace {

template <class Counters>
struct named_counter {
    char const* name;
    std::uint64_t Counters::* member;
};

/// Adds each counter twice: its total, and its growth since the sample before.
template <class Counters>
void add_counters(boost::json::object& sample, Counters const& total, Counters const& grown,
                  std::initializer_list<named_counter<Counters>> counters)
{
    for (auto const& [name, member] : counters) {
        sample[std::string(name) + "_total"] = total.*member;
        sample[std::string(name) + "_delta"] = grown.*member;
    }
}

template <class Described>
void add_all(boost::json::object& sample, Described const& values)
{
    using namespace boost::describe;
    boost::mp11::mp_for_each<describe_members<Described, mod_public>>(
        [&](auto member) { sample[member.name] = values.*member.pointer; });
}

void add_time(boost::json::object& sample, moment const& now, double interval)
{
    sample["ts"] = unix_seconds(now.wall_captured_at);
    sample["interval_secs"] = interval;
}

} // namespace

boost::json::object to_sample(receiver_snapshot const& now, receiver_delta const& since)
{
    using counters = receiver_counters;
    boost::json::object sample;
    add_time(sample, now, since.interval_secs);
    sample["active_subscriptions"] = now.active_subscriptions;
    sample["joined_subscriptions"] = now.joined_subscriptions;
    add_counters<counters>(sample, now, since,
                           {{"packets_received", &counters::packets_received},
                            {"bytes_received", &counters::bytes_received},
                            {"would_block_count", &counters::would_block_count},
                            {"receive_errors", &counters::receive_errors},
                            {"join_count", &counters::join_count},
                            {"leave_count", &counters::leave_count},
                            {"batch_calls", &counters::batch_calls},
                            {"batch_packets_received", &counters::batch_packets_received},
                            {"dropped", &counters::dropped},
                            {"filtered", &counters::filtered},
                            {"truncated", &counters::truncated}});
    add_all(sample, rates(since));
    return sample;
}

boost::json::object to_sample(sender_snapshot const& now, sender_delta const& since)
{
    using counters = sender_counters;
    boost::json::object sample;
    add_time(sample, now, since.interval_secs);
    sample["active_publications"] = now.active_publications;
    add_counters<counters>(sample, now, since,
                           {{"publications_added", &counters::publications_added},
                            {"publications_removed", &counters::publications_removed},
                            {"send_calls", &counters::send_calls},
                            {"packets_sent", &counters::packets_sent},
                            {"bytes_sent", &counters::bytes_sent},
                            {"send_errors", &counters::send_errors},
                            {"dropped", &counters::dropped}});
    add_all(sample, rates(since));
    return sample;
}

boost::json::object to_sample(process_delta const& since)
{
    boost::json::object sample;
    add_all(sample, since);
    return sample;
}

} // namespace rollcast::metrics
