// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::lone_engine;
using test::simulated_network;
using test::stranger;
using kinds = std::vector<event_kind>;

BOOST_AUTO_TEST_SUITE(chart_bounds)

BOOST_AUTO_TEST_CASE(a_full_chart_refuses_new_ones_and_keeps_those_it_knows)
{
    lone_engine full(2);
    full.hear(stranger(1), message_type::hello);
    full.hear(stranger(2), message_type::hello);
    full.hear(stranger(3), message_type::hello);
    stranger changed(1);
    changed.says.record->sequence = 1;
    changed.says.record->data = test::bytes_of("still heard");
    full.hear(changed, message_type::hello);
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::found, event_kind::chart_full,
                                     event_kind::updated}),
               per_element());
    BOOST_TEST(full.heart.size() == 3U);
    BOOST_TEST(!full.heart.others().describe(3).has_value());
    BOOST_TEST(full.heart.counters().refused == 1U);
}

BOOST_AUTO_TEST_CASE(a_restart_finds_room_in_a_full_chart)
{
    lone_engine full(1);
    full.hear(stranger(1, 1), message_type::hello);
    stranger restarted(1, 2);
    restarted.says.who.incarnation = 2000;
    full.hear(restarted, message_type::hello);
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::restarted}), per_element());
}

BOOST_AUTO_TEST_CASE(that_the_chart_is_full_is_told_once_a_minute)
{
    lone_engine full(1);
    auto const try_many = [&] {
        full.hear(stranger(1), message_type::hello);
        for (std::uint64_t id = 2; id < 200; ++id)
            full.hear(stranger(id), message_type::hello);
    };
    try_many();
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::chart_full}), per_element());
    for (int second = 0; second < 59; ++second) {
        full.pass(1s);
        try_many();
    }
    BOOST_TEST(full.news().empty());
    full.pass(1s);
    try_many();
    BOOST_TEST(full.news() == kinds{event_kind::chart_full}, per_element());
}

BOOST_AUTO_TEST_CASE(there_is_room_again_when_somebody_left_or_is_gone)
{
    lone_engine full(1);
    full.hear(stranger(1), message_type::hello);
    full.hear(stranger(1), message_type::bye);
    full.hear(stranger(2), message_type::hello);
    full.pass(10s);
    full.hear(stranger(3), message_type::hello);
    BOOST_TEST(full.news() == (kinds{event_kind::found, event_kind::left, event_kind::found,
                                     event_kind::gone, event_kind::found}),
               per_element());
}

BOOST_AUTO_TEST_CASE(somebody_gone_cannot_return_to_a_full_chart)
{
    lone_engine full(1);
    full.hear(stranger(1), message_type::hello);
    full.pass(10s);
    full.hear(stranger(2), message_type::hello);
    full.hear(stranger(1), message_type::hello);
    BOOST_TEST(full.heart.size() == 2U);
    BOOST_TEST(full.heart.others().describe(2).has_value());
}

BOOST_AUTO_TEST_CASE(a_chart_for_nobody_charts_nobody)
{
    lone_engine none(0);
    none.hear(stranger(1), message_type::hello);
    none.hear(stranger(1), message_type::bye);
    BOOST_TEST(none.heart.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_ids_that_come_and_go_leave_bounded_traces)
{
    lone_engine chart(64);
    for (std::uint64_t id = 1; id <= 100'000; ++id) {
        stranger passing(id);
        passing.says.record->beat_interval = 15min;
        chart.hear(passing, message_type::hello);
        chart.hear(passing, message_type::bye);
        chart.heart.take_events();
        chart.now += 1ms;
    }
    BOOST_TEST(chart.heart.size() == 1U);
    // Whatever is kept of an instance has a deadline of its own.
    BOOST_TEST(chart.pass(24h) <= 2U * 64U);
    BOOST_TEST(!chart.heart.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(forgetting_leaves_no_trace)
{
    lone_engine chart(64);
    for (int i = 0; i < 1000; ++i) {
        chart.hear(stranger(1), message_type::hello);
        chart.heart.forget(1);
        chart.heart.take_events();
    }
    BOOST_TEST(!chart.heart.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(the_latest_to_leave_are_remembered_when_there_are_too_many)
{
    lone_engine chart(8);
    for (std::uint64_t id = 1; id <= 20; ++id) {
        chart.hear(stranger(id), message_type::hello);
        chart.hear(stranger(id), message_type::bye);
        chart.pass(1ms);
    }
    chart.news();
    chart.hear(stranger(20), message_type::hello);
    BOOST_TEST(chart.news().empty());
    chart.hear(stranger(1), message_type::hello);
    BOOST_TEST(chart.news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(whoever_left_is_remembered_for_ten_limits)
{
    lone_engine chart;
    chart.hear(stranger(1), message_type::hello);
    chart.hear(stranger(1), message_type::bye);
    chart.pass(99s);
    chart.hear(stranger(1), message_type::hello);
    BOOST_TEST(chart.news() == (kinds{event_kind::found, event_kind::left}), per_element());
    chart.pass(2s);
    BOOST_TEST(!chart.heart.next_deadline().has_value());
    chart.hear(stranger(1), message_type::hello);
    BOOST_TEST(chart.news() == kinds{event_kind::found}, per_element());
}

BOOST_AUTO_TEST_CASE(an_engine_is_never_called_in_vain)
{
    test::test_seed const seed(300);
    simulated_network net(seed);
    net.add_segment({.jitter = 30ms, .loss = 0.3, .duplication = 0.1});
    net.add_many(10);
    net.add({.detection_time = 1s});
    net.add({.detection_time = 1h});
    net.start_all();
    net.run_for(5min);
    net.crash(1);
    net.leave(2);
    net.run_for(10min);
    for (std::size_t who = 0; who < net.count(); ++who) {
        BOOST_TEST(net.traffic_of(who).overdue == 0U);
        // At most 16 questions, an alarm and the end within a limit of each other, and own
        // refreshes.
        auto const limits = who == 10 ? 10U * 90U : 9U * 90U + 900U;
        BOOST_TEST(net.traffic_of(who).advances <= limits * 18U + 4U * 900U);
    }
}

BOOST_AUTO_TEST_CASE(an_instance_alone_is_called_for_its_refreshes_only)
{
    test::test_seed const seed(301);
    simulated_network net(seed);
    net.add();
    net.start_all();
    net.run_for(1h);
    BOOST_TEST(net.traffic_of(0).multicasts >= 3600 / 3.15);
    BOOST_TEST(net.traffic_of(0).multicasts <= 3600 / 2.85 + 3);
    BOOST_TEST(net.traffic_of(0).advances < net.traffic_of(0).multicasts);
}

BOOST_AUTO_TEST_CASE(many_updates_in_a_row_share_announcements)
{
    test::test_seed const seed(302);
    simulated_network net(seed);
    net.add_many(2);
    net.start_all();
    net.run_for(1s);
    auto const before = net.traffic_of(0).multicasts;
    for (int i = 0; i < 1000; ++i) {
        net.update(0, std::to_string(i));
        net.run_for(1ms);
    }
    net.run_for(1s);
    BOOST_TEST(net.traffic_of(0).multicasts - before <= 1000U / 40U + 3U);
    BOOST_TEST(net.engine(1).others().describe(1)->data.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_hundred_instances_keep_each_other_for_an_hour)
{
    test::test_seed const seed(303);
    simulated_network net(seed);
    net.add_segment({.loss = 0.05});
    net.add_many(100, {.detection_time = 15min});
    net.start_all();
    net.run_for(1h);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(net.times_told(event_kind::found) == 100U * 99U);
}

BOOST_AUTO_TEST_SUITE_END()
