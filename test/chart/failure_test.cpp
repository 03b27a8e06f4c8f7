// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using test::simulated_network;
using test::time_point;
using kinds = std::vector<event_kind>;
using boost::test_tools::per_element;

namespace {

constexpr auto delay = 1ms;
constexpr std::chrono::milliseconds detection_time = 10s; // of everybody unless said otherwise
constexpr auto longest_silence = detection_time * 315 / 1000;

// The verdict comes a little before the detection time, to be in time wherever it is counted from.
constexpr auto shortest_verdict = detection_time * 15 / 16;

/// Ten instances that have known each other for a minute.
struct settled : simulated_network {
    explicit settled(std::uint64_t seed, test::conditions how = {.delay = delay})
        : simulated_network(seed)
    {
        add_segment(how);
        add_many(10);
        start_all();
        run_for(1min);
    }

    /// When `who` was told so about `about`, for the last time.
    time_point when(std::size_t who, std::uint64_t about, event_kind kind) const
    {
        time_point found{};
        for (auto const& each : events(who))
            if (each.what.who.id == about && each.what.kind == kind)
                found = each.at;
        return found;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_failure)

BOOST_AUTO_TEST_CASE(a_crashed_instance_is_called_gone_once_by_everybody_in_time)
{
    for (auto const each : test::test_seeds(100, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        net.run_for(std::chrono::milliseconds(each % 7 * 500));
        auto const crashed_at = net.now();
        net.crash(7);
        net.run_for(2 * detection_time);
        for (std::size_t who = 0; who < 10; ++who) {
            if (who == 7)
                continue;
            BOOST_TEST(net.told(who, net.id(7), crashed_at) == kinds{event_kind::gone},
                       per_element());
            auto const after = net.when(who, net.id(7), event_kind::gone) - crashed_at;
            BOOST_TEST((after <= detection_time));
            BOOST_TEST((after >= shortest_verdict - longest_silence));
            BOOST_TEST(net.engine(who).size() == 9U);
        }
    }
}

BOOST_AUTO_TEST_CASE(each_is_called_gone_after_its_own_detection_time)
{
    test::test_seed const seed(110);
    simulated_network net(seed);
    net.add();
    net.add({.detection_time = 1s});
    net.add({.detection_time = 1h});
    net.start_all();
    net.run_for(5min);
    net.crash(1);
    net.crash(2);
    net.run_for(1s + delay);
    BOOST_TEST(!net.knows(0, 1));
    net.run_for(30min);
    BOOST_TEST(net.knows(0, 2));
    net.run_for(31min);
    BOOST_TEST(!net.knows(0, 2));
}

BOOST_AUTO_TEST_CASE(without_loss_nobody_living_is_called_gone_in_an_hour)
{
    test::test_seed const seed(111);
    simulated_network net(seed);
    net.add_segment({.jitter = 20ms});
    net.add_many(10);
    net.start_all();
    net.run_for(1h);
    BOOST_TEST(net.times_told(event_kind::found) == 10U * 9U);
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(net.times_told(event_kind::updated) == 0U);
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_nobody_living_is_called_gone_in_an_hour)
{
    // Three refreshes and sixteen questions in a row have to be lost: of 90 pairs one is called
    // gone in 20 such hours.
    test::test_seed const seed(112);
    simulated_network net(seed);
    net.add_segment({.loss = 0.3});
    net.add_many(10);
    net.start_all();
    net.run_for(1h);
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_CASE(whoever_is_falsely_called_gone_returns)
{
    test::test_seed const seed(113);
    settled net(seed);
    net.segment(0).loss = 0.8;
    net.run_for(10min);
    auto const gone = net.times_told(event_kind::gone);
    BOOST_TEST(gone > 0U);
    net.segment(0).loss = 0;
    net.run_for(longest_silence + delay);
    BOOST_TEST(net.times_told(event_kind::returned) == net.times_told(event_kind::gone));
    BOOST_TEST(net.times_told(event_kind::restarted) == 0U);
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_CASE(an_instance_that_leaves_has_left_everywhere_one_delay_later)
{
    test::test_seed const seed(114);
    settled net(seed);
    auto const before = net.now();
    net.leave(2);
    net.run_for(delay);
    for (std::size_t who = 0; who < 10; ++who)
        if (who != 2)
            BOOST_TEST(net.told(who, net.id(2), before) == kinds{event_kind::left}, per_element());
    net.run_for(1min);
    BOOST_TEST(net.times_told(event_kind::left) == 9U);
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(!net.is_running(2));
}

BOOST_AUTO_TEST_CASE(a_goodbye_is_said_three_times_within_150_ms)
{
    test::test_seed const seed(115);
    settled net(seed);
    auto const before = net.traffic_of(0).multicasts;
    net.leave(0);
    net.run_for(150ms);
    BOOST_TEST(net.traffic_of(0).multicasts == before + 3);
    BOOST_TEST(!net.is_running(0));
}

BOOST_AUTO_TEST_CASE(late_datagrams_of_somebody_who_left_do_not_bring_it_back)
{
    test::test_seed const seed(116);
    settled net(seed);
    net.segment(0).jitter = 2s;
    net.segment(0).duplication = 0.5;
    net.update(4, "the last news");
    net.leave(4);
    net.run_for(1min);
    BOOST_TEST(net.times_told(event_kind::left) == 9U);
    BOOST_TEST(net.times_told(event_kind::found) == 10U * 9U);
    for (std::size_t who = 0; who < 10; ++who)
        if (who != 4)
            BOOST_TEST(net.told(who, net.id(4)).back() == event_kind::left);
    BOOST_TEST(net.engine(0).size() == 9U);
}

BOOST_AUTO_TEST_CASE(whoever_left_and_starts_again_is_found_again)
{
    test::test_seed const seed(117);
    settled net(seed);
    auto const before = net.now();
    net.leave(4);
    net.run_for(1s);
    net.restart(4);
    net.run_for(2 * delay);
    BOOST_TEST(net.told(0, net.id(4), before) == (kinds{event_kind::left, event_kind::found}),
               per_element());
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_CASE(a_quick_restart_is_told_once_and_nothing_else_is)
{
    test::test_seed const seed(118);
    settled net(seed);
    auto const before = net.now();
    net.crash(5);
    net.run_for(10ms);
    net.restart(5);
    net.run_for(1min);
    for (std::size_t who = 0; who < 10; ++who)
        if (who != 5)
            BOOST_TEST(net.told(who, net.id(5), before) == kinds{event_kind::restarted},
                       per_element());
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::id_conflict) == 0U);
}

BOOST_AUTO_TEST_CASE(whoever_was_gone_and_starts_again_is_restarted)
{
    test::test_seed const seed(119);
    settled net(seed);
    auto const before = net.now();
    net.crash(5);
    net.run_for(1min);
    net.restart(5);
    net.run_for(1min);
    BOOST_TEST(net.told(0, net.id(5), before) == (kinds{event_kind::gone, event_kind::restarted}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_restart_with_the_clock_set_back_is_known_at_the_latest_after_the_limit)
{
    test::test_seed const seed(120);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(3);
    auto const wrong = net.add({.clock_error = 24h});
    net.start_all();
    net.run_for(1min);
    net.crash(wrong);
    auto const right = net.add({.id = net.id(wrong)});
    net.start(right);
    net.run_for(detection_time + longest_silence);
    BOOST_TEST(net.knows(0, right));
}

BOOST_AUTO_TEST_CASE(both_sides_of_a_healed_partition_return)
{
    test::test_seed const seed(121);
    settled net(seed);
    auto const before = net.now();
    net.part({0, 1, 2, 3, 4}, {5, 6, 7, 8, 9});
    net.run_for(1min);
    for (std::size_t who = 0; who < 10; ++who)
        BOOST_TEST(net.engine(who).size() == 5U);
    net.heal();
    net.run_for(longest_silence + delay);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.told(0, net.id(9), before) == (kinds{event_kind::gone, event_kind::returned}),
               per_element());
    BOOST_TEST(net.told(9, net.id(0), before) == (kinds{event_kind::gone, event_kind::returned}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_one_way_cut_hides_only_the_one_who_is_not_heard)
{
    test::test_seed const seed(122);
    settled net(seed);
    net.cut(0, 1);
    net.run_for(1min);
    BOOST_TEST(!net.knows(1, 0));
    BOOST_TEST(net.knows(0, 1));
    BOOST_TEST(net.knows(2, 0));
}

BOOST_AUTO_TEST_CASE(a_paused_instance_accuses_nobody_on_resuming)
{
    for (auto const length : std::vector<std::chrono::milliseconds>{3s, 9s, 11s, 1min, 1h}) {
        test::test_seed const seed(123);
        settled net(seed);
        auto const before = net.now();
        net.pause(0);
        net.run_for(length);
        net.resume(0);
        net.run_for(detection_time);
        for (std::size_t other = 1; other < 10; ++other)
            BOOST_TEST(net.told(0, net.id(other), before).empty());
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(somebody_who_crashed_during_a_pause_is_called_gone_a_limit_after_it)
{
    test::test_seed const seed(124);
    settled net(seed);
    net.pause(0);
    net.run_for(1s);
    net.crash(1);
    net.run_for(1min);
    net.resume(0);
    net.run_for(shortest_verdict);
    BOOST_TEST(net.engine(0).size() == 10U);
    net.run_for(detection_time - shortest_verdict);
    BOOST_TEST(net.engine(0).size() == 9U);
}

BOOST_AUTO_TEST_CASE(an_instance_paused_for_long_is_gone_elsewhere_and_returns)
{
    test::test_seed const seed(125);
    settled net(seed);
    auto const before = net.now();
    net.pause(0);
    net.run_for(1min);
    net.resume(0);
    net.run_for(longest_silence + delay);
    BOOST_TEST(net.told(1, net.id(0), before) == (kinds{event_kind::gone, event_kind::returned}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_forgotten_instance_is_found_when_it_is_heard_again)
{
    test::test_seed const seed(126);
    settled net(seed);
    auto const before = net.now();
    BOOST_TEST(net.forget(0, net.id(6)));
    BOOST_TEST(!net.forget(0, net.id(6)));
    BOOST_TEST(net.engine(0).size() == 9U);
    net.run_for(longest_silence + delay);
    BOOST_TEST(net.told(0, net.id(6), before) == kinds{event_kind::found}, per_element());
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_SUITE_END()
