// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using test::beat_interval;
using test::delay;
using test::detection_time;
using test::first_wait;
using test::return_time;
using test::settled;
using test::simulated_network;
using kinds = std::vector<event_kind>;
using boost::test_tools::per_element;

namespace {

// Three and three quarters of a beat interval after the last beat, which came at most one earlier.
constexpr auto shortest_verdict = beat_interval * 11 / 4;

// A newcomer with the id of another waits so long for an objection.
constexpr auto contest_time = 300ms;

kinds const died{event_kind::suspect, event_kind::gone};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_failure)

BOOST_AUTO_TEST_CASE(a_crashed_instance_is_suspected_and_called_gone_once_by_everybody_in_time)
{
    for (auto const each : test::test_seeds(100, 20)) {
        test::test_seed const seed(each);
        settled net(seed);
        net.run_for(std::chrono::milliseconds(each % 7 * 500));
        auto const crashed_at = net.now();
        net.crash(7);
        net.run_for(2 * detection_time);
        for (std::size_t who = 0; who < 10; ++who) {
            if (who == 7)
                continue;
            BOOST_TEST(net.told(who, net.id(7), crashed_at) == died, per_element());
            auto const after = net.when(who, net.id(7), event_kind::gone) - crashed_at;
            BOOST_TEST((after <= detection_time));
            BOOST_TEST((after >= shortest_verdict));
            BOOST_TEST(net.engine(who).size() == 9U);
        }
    }
}

/// Whoever slept longer than the dead are remembered brings back what nobody has ever heard.
BOOST_AUTO_TEST_CASE(who_died_while_one_slept_is_called_gone_by_that_one_and_charted_by_nobody)
{
    for (auto const each : test::test_seeds(160, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        net.pause(0);
        net.crash(7);
        net.run_for(20 * detection_time);
        net.resume(0);
        net.run_for(4 * detection_time);
        auto const newcomer = net.add();
        net.start(newcomer);
        net.run_for(4 * detection_time);
        BOOST_TEST(net.told(newcomer, net.id(7)).empty());
        BOOST_TEST(net.all_know_all());
        BOOST_TEST(net.all_agree(0));
    }
}

/// One was not connected and called everybody gone; another one slept, and has not heard that one
/// of them has died, which all the others know.
BOOST_AUTO_TEST_CASE(a_word_of_one_who_slept_outweighs_nothing_that_everybody_else_says)
{
    for (auto const each : test::test_seeds(180, 20)) {
        test::test_seed const seed(each);
        settled net(seed);
        net.detach(1, 0);
        net.pause(0);
        net.crash(7);
        net.run_for(detection_time + std::chrono::milliseconds(each % 7 * 500));
        net.attach(1, 0);
        net.resume(0);
        net.run_for(6 * detection_time);
        BOOST_TEST(net.all_know_all());
        BOOST_TEST(net.all_agree(0));
    }
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_a_crashed_instance_is_called_gone_by_everybody_in_time)
{
    for (auto const each : test::test_seeds(130, 20)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay, .loss = 0.3}, 30);
        net.run_for(std::chrono::milliseconds(each % 7 * 500));
        auto const crashed_at = net.now();
        net.crash(7);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, detection_time));
        BOOST_TEST(test::times_told_since(net, event_kind::gone, crashed_at, net.id(7)) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(the_last_record_of_one_that_ended_tells_when_it_was_heard)
{
    test::test_seed const seed(150);
    settled net(seed);
    auto const ended_at = net.now();
    net.crash(7);
    net.leave(3);
    net.run_for(2 * detection_time);
    auto const last_about = [&](std::uint64_t id) {
        instance who;
        for (auto const& each : net.events(0))
            if (each.what.who.id == id)
                who = each.what.who;
        return who;
    };
    for (auto const& [id, state] :
         {std::pair(net.id(7), instance_state::gone), std::pair(net.id(3), instance_state::left)}) {
        auto const who = last_about(id);
        BOOST_TEST((who.state == state));
        BOOST_TEST((who.first_heard >= ended_at - 1min));
        BOOST_TEST((who.first_heard <= ended_at - 50s));
        BOOST_TEST((who.last_heard >= who.first_heard));
        BOOST_TEST((who.last_heard <= ended_at + 2 * delay));
        BOOST_TEST(!who.addresses.empty());
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
    BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
    BOOST_TEST(net.times_told(event_kind::gone) == 0U);
    BOOST_TEST(net.times_told(event_kind::updated) == 0U);
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_nobody_living_is_called_gone_in_an_hour)
{
    for (auto const each : test::test_seeds(160, 3)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .loss = 0.3});
        net.add_many(10);
        net.start_all();
        net.run_for(1h);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
        BOOST_TEST(net.times_told(event_kind::suspect) == net.times_told(event_kind::refuted));
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_nobody_who_starts_with_many_others_is_called_gone)
{
    for (auto const each : test::test_seeds(21, 40)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .loss = 0.3});
        net.add_many(30);
        net.start_all();
        net.run_for(10s);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
        BOOST_TEST(net.all_know_all());
    }
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
    net.run_for(return_time);
    // With so much loss somebody may be known by others only, and be unreachable instead.
    auto const departed =
        net.times_told(event_kind::gone) + net.times_told(event_kind::unreachable);
    auto const back = net.times_told(event_kind::returned) + net.times_told(event_kind::reachable);
    BOOST_TEST(back == departed);
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

BOOST_AUTO_TEST_CASE(with_30_percent_loss_a_goodbye_reaches_everybody_within_two_seconds)
{
    for (auto const each : test::test_seeds(250, 20)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay, .loss = 0.3}, 30);
        auto const before = net.now();
        net.leave(2);
        net.run_for(2s);
        for (std::size_t who = 0; who < 30; ++who)
            if (who != 2)
                BOOST_TEST(net.told(who, net.id(2), before) == kinds{event_kind::left},
                           per_element());
        net.run_for(1min);
        BOOST_TEST(net.times_told(event_kind::left) == 29U);
        BOOST_TEST(test::times_told_since(net, event_kind::gone, before) == 0U);
        BOOST_TEST(test::times_told_since(net, event_kind::found, before) == 0U);
    }
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
    net.run_for(first_wait + 4 * delay);
    BOOST_TEST(net.told(0, net.id(4), before) == (kinds{event_kind::left, event_kind::found}),
               per_element());
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_CASE(a_restart_within_100_ms_is_told_once_and_nothing_else_is)
{
    for (auto const each : test::test_seeds(170, 20)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.crash(5);
        net.run_for(std::chrono::milliseconds(each % 11 * 10));
        net.restart(5);
        auto const all_know = [&] {
            for (std::size_t who = 0; who < 10; ++who)
                if (who != 5 && !net.knows(who, 5))
                    return false;
            return true;
        };
        BOOST_TEST(net.run_until(all_know, first_wait + delay + contest_time));
        net.run_for(1min);
        for (std::size_t who = 0; who < 10; ++who)
            if (who != 5)
                BOOST_TEST(net.told(who, net.id(5), before) == kinds{event_kind::restarted},
                           per_element());
        BOOST_TEST(net.all_know_all());
        BOOST_TEST(net.times_told(event_kind::id_conflict) == 0U);
        BOOST_TEST(test::times_told_since(net, event_kind::suspect, before) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_a_quick_restart_is_told_once_within_seconds)
{
    for (auto const each : test::test_seeds(190, 20)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay, .loss = 0.3}, 20);
        auto const before = net.now();
        net.crash(5);
        net.run_for(std::chrono::milliseconds(each % 11 * 10));
        net.restart(5);
        net.run_for(5s);
        for (std::size_t who = 0; who < 20; ++who)
            if (who != 5)
                BOOST_TEST(net.told(who, net.id(5), before) == kinds{event_kind::restarted},
                           per_element());
        BOOST_TEST(net.all_know_all());
        BOOST_TEST(net.times_told(event_kind::id_conflict) == 0U);
    }
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
    BOOST_TEST(net.told(0, net.id(5), before) ==
                   (kinds{event_kind::suspect, event_kind::gone, event_kind::restarted}),
               per_element());
}

BOOST_AUTO_TEST_CASE(a_restart_while_the_old_life_is_being_called_gone_is_told_once)
{
    for (auto const each : test::test_seeds(270, 20)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.crash(5);
        // Just before the verdict, which the same seed gives at the same time.
        settled same(seed);
        auto const crashed_at = same.now();
        same.crash(5);
        same.run_until([&] { return !same.engine(0).describe(same.id(5)); }, detection_time);
        net.run_for(same.now() - crashed_at - std::chrono::milliseconds(each % 20 * 15 + 1));
        BOOST_TEST(net.engine(0).describe(net.id(5)).has_value());
        net.restart(5);
        net.run_for(1min);
        for (std::size_t who = 0; who < 10; ++who) {
            auto const told = net.told(who, net.id(5), before);
            if (who != 5)
                BOOST_TEST(std::ranges::count(told, event_kind::restarted) == 1);
        }
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(a_restart_with_the_clock_set_back_is_known_within_a_second_and_told_once)
{
    for (auto const pause : std::vector<std::chrono::milliseconds>{0ms, 50ms, 1s, 5s}) {
        for (auto const each : test::test_seeds(210, 5)) {
            test::test_seed const seed(each);
            settled net(seed);
            auto const before = net.now();
            net.crash(5);
            auto const back = net.add({.id = net.id(5), .clock_error = -1h});
            net.run_for(pause);
            net.start(back);
            net.run_for(1s);
            for (std::size_t who = 0; who < 10; ++who)
                if (who != 5)
                    BOOST_TEST(net.knows(who, back));
            net.run_for(1min);
            for (std::size_t who = 0; who < 10; ++who) {
                if (who == 5)
                    continue;
                BOOST_TEST(net.knows(who, back));
                auto const told = net.told(who, net.id(5), before);
                BOOST_TEST(std::ranges::count(told, event_kind::restarted) == 1);
                BOOST_TEST(std::ranges::count(told, event_kind::id_conflict) == 0);
                BOOST_TEST(std::ranges::count(told, event_kind::gone) == 0);
            }
            BOOST_TEST(net.all_know_all());
        }
    }
}

BOOST_AUTO_TEST_CASE(after_it_was_gone_a_restart_with_the_clock_set_back_is_known_within_a_second)
{
    for (auto const each : test::test_seeds(220, 5)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.crash(5);
        auto const back = net.add({.id = net.id(5), .clock_error = -1h});
        net.run_for(30s);
        net.start(back);
        net.run_for(1s);
        for (std::size_t who = 0; who < 10; ++who)
            if (who != 5)
                BOOST_TEST(net.knows(who, back));
        net.run_for(1min);
        for (std::size_t who = 0; who < 10; ++who)
            if (who != 5)
                BOOST_TEST(
                    net.told(who, net.id(5), before) ==
                        (kinds{event_kind::suspect, event_kind::gone, event_kind::restarted}),
                    per_element());
    }
}

BOOST_AUTO_TEST_CASE(after_it_left_a_start_with_the_clock_set_back_is_found_within_a_second)
{
    for (auto const each : test::test_seeds(230, 5)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.leave(5);
        net.run_for(each % 2 == 0 ? 30s : 1s);
        auto const back = net.add({.id = net.id(5), .clock_error = -1h});
        net.start(back);
        net.run_for(1s);
        for (std::size_t who = 0; who < 10; ++who)
            if (who != 5)
                BOOST_TEST(net.knows(who, back));
        net.run_for(1min);
        for (std::size_t who = 0; who < 10; ++who)
            if (who != 5)
                BOOST_TEST(net.told(who, net.id(5), before) ==
                               (kinds{event_kind::left, event_kind::found}),
                           per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_one_way_cut_between_two_makes_nobody_gone)
{
    for (std::size_t from = 0; from < 10; ++from) {
        test::test_seed const seed(122);
        settled net(seed);
        net.cut(from, (from + 1) % 10);
        net.run_for(5min);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(somebody_who_crashed_during_a_pause_is_called_gone_within_two_limits_after_it)
{
    for (auto const each : test::test_seeds(240, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        net.pause(0);
        net.run_for(1s);
        net.crash(1);
        net.run_for(1min);
        net.resume(0);
        net.run_for(2 * detection_time); // being late, it takes its time
        BOOST_TEST(!net.knows(0, 1));
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(a_forgotten_instance_is_found_when_it_is_heard_again)
{
    test::test_seed const seed(126);
    settled net(seed);
    auto const before = net.now();
    BOOST_TEST(net.forget(0, net.id(6)));
    BOOST_TEST(!net.forget(0, net.id(6)));
    BOOST_TEST(net.engine(0).size() == 9U);
    net.run_for(beat_interval + 300ms);
    BOOST_TEST(net.told(0, net.id(6), before) == (kinds{event_kind::forgotten, event_kind::found}),
               per_element());
    BOOST_TEST(net.all_know_all());
}

BOOST_AUTO_TEST_SUITE_END()
