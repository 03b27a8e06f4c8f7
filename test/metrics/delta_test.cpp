// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/delta.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace rollcast;
using namespace rollcast::metrics;
using namespace std::chrono_literals;

namespace {

template <class Counters, class Function>
void for_each_counter(Function&& function)
{
    using namespace boost::describe;
    boost::mp11::mp_for_each<describe_members<Counters, mod_public | mod_inherited>>(function);
}

/// The counters are first, first + 1, first + 2, ... and the gauges 0.
template <class Snapshot, class Counters>
Snapshot counted(std::uint64_t first)
{
    Snapshot snapshot;
    for_each_counter<Counters>([&](auto member) { snapshot.*member.pointer = first++; });
    return snapshot;
}

template <class Snapshot, class Counters>
void check_delta()
{
    auto const earlier = counted<Snapshot, Counters>(100);
    auto later = counted<Snapshot, Counters>(103);
    later.captured_at += 1500ms;
    auto const difference = delta(earlier, later);
    BOOST_REQUIRE(difference.has_value());
    BOOST_TEST(difference->interval_secs == 1.5);
    for_each_counter<Counters>([&](auto member) {
        BOOST_TEST(((*difference).*member.pointer) == 3U, member.name);
        auto reset = later;
        reset.*member.pointer = (earlier.*member.pointer) - 1;
        BOOST_TEST(!delta(earlier, reset).has_value(), member.name);
    });
    BOOST_TEST(!delta(later, earlier).has_value());

    auto before = earlier; // with equal counters, so that only the time goes backwards
    before.captured_at -= 1ns;
    BOOST_TEST(delta(before, earlier).has_value());
    BOOST_TEST(!delta(earlier, before).has_value());
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_delta)

BOOST_AUTO_TEST_CASE(a_delta_has_the_growth_of_every_counter_or_there_is_none)
{
    check_delta<subscription_snapshot, subscription_counters>();
    check_delta<receiver_snapshot, receiver_counters>();
    check_delta<publication_snapshot, publication_counters>();
    check_delta<sender_snapshot, sender_counters>();
}

BOOST_AUTO_TEST_CASE(gauges_and_the_wall_clock_may_go_backwards)
{
    receiver_snapshot earlier;
    earlier.active_subscriptions = 5;
    earlier.joined_subscriptions = 5;
    earlier.wall_captured_at += 1h;
    receiver_snapshot later;
    later.captured_at += 2s;
    auto const difference = delta(earlier, later);
    BOOST_REQUIRE(difference.has_value());
    BOOST_TEST(difference->interval_secs == 2.0);
}

BOOST_AUTO_TEST_CASE(the_first_sample_is_none_and_each_later_one_begins_where_the_last_ended)
{
    sampler<publication_snapshot> samples;
    BOOST_TEST(!samples.previous().has_value());
    publication_snapshot snapshot;
    BOOST_TEST(!samples.sample(snapshot).has_value());
    for (std::uint64_t i = 1; i <= 3; ++i) {
        snapshot.captured_at += 1s;
        snapshot.packets_sent += i;
        auto const difference = samples.sample(snapshot);
        BOOST_REQUIRE(difference.has_value());
        BOOST_TEST(difference->packets_sent == i);
        BOOST_TEST(difference->interval_secs == 1.0);
        BOOST_TEST(samples.previous().value().packets_sent == snapshot.packets_sent);
    }
    samples.reset();
    BOOST_TEST(!samples.previous().has_value());
    BOOST_TEST(!samples.sample(snapshot).has_value());
}

BOOST_AUTO_TEST_CASE(a_sampler_goes_on_from_a_snapshot_that_went_backwards)
{
    sampler<sender_snapshot> samples;
    sender_snapshot snapshot;
    snapshot.packets_sent = 10;
    samples.sample(snapshot);
    snapshot.packets_sent = 4;
    BOOST_TEST(!samples.sample(snapshot).has_value());
    snapshot.packets_sent = 6;
    BOOST_TEST(samples.sample(snapshot).value().packets_sent == 2U);
}

BOOST_AUTO_TEST_CASE(receive_rates_are_per_second)
{
    receiver_delta grown;
    grown.packets_received = 10;
    grown.bytes_received = 1000;
    grown.would_block_count = 3;
    grown.receive_errors = 1;
    grown.interval_secs = 4;
    auto const found = rates(grown);
    BOOST_TEST(found.packets_per_sec == 2.5);
    BOOST_TEST(found.bytes_per_sec == 250.0);
    BOOST_TEST(found.would_block_per_sec == 0.75);
    BOOST_TEST(found.receive_errors_per_sec == 0.25);

    subscription_delta alone;
    alone.packets_received = 10;
    alone.interval_secs = 0.5;
    BOOST_TEST(rates(alone).packets_per_sec == 20.0);
}

BOOST_AUTO_TEST_CASE(send_rates_are_per_second)
{
    sender_delta grown;
    grown.send_calls = 10;
    grown.packets_sent = 8;
    grown.bytes_sent = 1000;
    grown.send_errors = 2;
    grown.interval_secs = 4;
    auto const found = rates(grown);
    BOOST_TEST(found.send_calls_per_sec == 2.5);
    BOOST_TEST(found.packets_per_sec == 2.0);
    BOOST_TEST(found.bytes_per_sec == 250.0);
    BOOST_TEST(found.send_errors_per_sec == 0.5);

    publication_delta alone;
    alone.send_calls = 10;
    alone.interval_secs = 0.5;
    BOOST_TEST(rates(alone).send_calls_per_sec == 20.0);
}

BOOST_AUTO_TEST_CASE(rates_over_no_time_are_zero)
{
    receiver_delta received;
    received.packets_received = 10;
    BOOST_TEST(rates(received).packets_per_sec == 0.0);
    publication_delta sent;
    sent.bytes_sent = 10;
    BOOST_TEST(rates(sent).bytes_per_sec == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()
