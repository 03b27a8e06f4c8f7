// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>

// What is not heard for a while, and what must not be concluded from it.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::delay;
using test::detection_time;
using test::return_time;
using test::settled;
using test::times_told_since;
using kinds = std::vector<event_kind>;

namespace {

std::vector<std::size_t> numbers(std::size_t first, std::size_t last)
{
    std::vector<std::size_t> all;
    for (auto each = first; each < last; ++each)
        all.push_back(each);
    return all;
}

/// Crashes so many neighbours on the ring; whether all others call them gone within the limit, and
/// nobody else.
void let_neighbours_die(std::uint64_t each, std::size_t run, test::duration limit, double loss)
{
    test::test_seed const seed(each);
    settled net(seed, {.delay = delay, .loss = loss}, 20);
    net.run_for(std::chrono::milliseconds(each % 7 * 400));
    auto const ring = net.ring();
    std::set<std::size_t> dead;
    for (std::size_t i = 0; i < run; ++i)
        dead.insert(ring[(each + i) % 20]);
    auto const before = net.now();
    for (auto const who : dead)
        net.crash(who);
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, limit));
    net.run_for(detection_time);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(times_told_since(net, event_kind::gone, before) == run * (20 - run));
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_partition)

BOOST_AUTO_TEST_CASE(both_sides_call_the_other_gone_within_two_limits_and_all_return_after_healing)
{
    for (auto const each : test::test_seeds(1010, 10)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay}, 20);
        auto const before = net.now();
        net.part(numbers(0, 10), numbers(10, 20));
        net.run_for(2 * detection_time);
        for (std::size_t who = 0; who < 20; ++who)
            BOOST_TEST(net.engine(who).size() == 10U);
        net.run_for(1 * detection_time);
        net.heal();
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
        net.run_for(1min);
        BOOST_TEST(net.all_know_all());
        for (std::size_t who = 0; who < 20; ++who) {
            for (std::size_t about = 0; about < 20; ++about) {
                bool const same_side = (who < 10) == (about < 10);
                auto const told = net.told(who, net.id(about), before);
                if (same_side)
                    BOOST_TEST(std::ranges::count(told, event_kind::gone) == 0);
                else
                    BOOST_TEST(told == (kinds{event_kind::suspect, event_kind::gone,
                                              event_kind::returned}),
                               per_element());
            }
        }
        BOOST_TEST(times_told_since(net, event_kind::restarted, before) == 0U);
        BOOST_TEST(times_told_since(net, event_kind::id_conflict, before) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_single_one_cut_off_returns_after_healing)
{
    for (auto const each : test::test_seeds(310, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        net.part({0}, numbers(1, 10));
        net.run_for(30s);
        BOOST_TEST(net.engine(0).size() == 1U);
        BOOST_TEST(net.engine(1).size() == 9U);
        net.heal();
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
        net.run_for(1min);
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(after_a_total_outage_all_return)
{
    for (auto const each : test::test_seeds(320, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.segment(0).loss = 1;
        net.run_for(30s);
        for (std::size_t who = 0; who < 10; ++who)
            BOOST_TEST(net.engine(who).size() == 1U);
        net.segment(0).loss = 0;
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
        BOOST_TEST(times_told_since(net, event_kind::returned, before) == 90U);
    }
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_a_healed_partition_returns)
{
    for (auto const each : test::test_seeds(330, 10)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay, .loss = 0.3}, 20);
        net.part(numbers(0, 10), numbers(10, 20));
        net.run_for(3 * detection_time);
        for (std::size_t who = 0; who < 20; ++who)
            BOOST_TEST(net.engine(who).size() == 10U);
        net.heal();
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
    }
}

BOOST_AUTO_TEST_CASE(while_both_sides_of_a_healed_partition_meet_little_is_sent)
{
    test::test_seed const seed(340);
    settled net(seed, {.delay = delay}, 20);
    net.part(numbers(0, 10), numbers(10, 20));
    net.run_for(30s);
    auto const before = net.total_traffic();
    net.heal();
    net.run_for(return_time);
    auto const after = net.total_traffic();
    BOOST_TEST(after.unicasts - before.unicasts <= 20U * 100U);
    BOOST_TEST(after.multicasts - before.multicasts <= 20U * 20U);
}

BOOST_AUTO_TEST_CASE(a_pause_shorter_than_the_limit_is_at_most_a_refuted_suspicion)
{
    for (auto const each : test::test_seeds(350, 20)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.pause(0);
        net.run_for(detection_time * 6 / 10);
        net.resume(0);
        net.run_for(1min);
        BOOST_TEST(times_told_since(net, event_kind::gone, before) == 0U);
        BOOST_TEST(times_told_since(net, event_kind::suspect, before, net.id(0)) == 0U);
        for (std::size_t who = 1; who < 10; ++who) {
            auto const told = net.told(who, net.id(0), before);
            bool const refuted = told == kinds{event_kind::suspect, event_kind::refuted};
            BOOST_TEST((told.empty() || refuted));
        }
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(whoever_pauses_for_four_limits_is_gone_and_returns_and_accuses_nobody)
{
    for (auto const each : test::test_seeds(370, 20)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        net.pause(0);
        net.run_for(4 * detection_time);
        for (std::size_t who = 1; who < 10; ++who)
            BOOST_TEST(net.told(who, net.id(0), before) ==
                           (kinds{event_kind::suspect, event_kind::gone}),
                       per_element());
        net.resume(0);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
        net.run_for(1min);
        for (std::size_t who = 1; who < 10; ++who)
            BOOST_TEST(net.told(who, net.id(0), before) ==
                           (kinds{event_kind::suspect, event_kind::gone, event_kind::returned}),
                       per_element());
        for (std::size_t other = 1; other < 10; ++other)
            BOOST_TEST(net.told(0, net.id(other), before).empty());
        BOOST_TEST(times_told_since(net, event_kind::gone, before, net.id(0)) == 0U);
        BOOST_TEST(times_told_since(net, event_kind::suspect, before, net.id(0)) == 0U);
        BOOST_TEST(net.all_know_all());
    }
}

BOOST_AUTO_TEST_CASE(a_pause_of_any_length_accuses_nobody)
{
    for (auto const length :
         std::vector<std::chrono::milliseconds>{3s, 9s, 11s, 1min, 99s, 101s, 1h}) {
        test::test_seed const seed(390);
        settled net(seed);
        auto const before = net.now();
        net.pause(0);
        net.run_for(length);
        net.resume(0);
        net.run_for(return_time);
        BOOST_TEST_CONTEXT("after a pause of " << length.count() << " ms")
        {
            for (std::size_t other = 1; other < 10; ++other)
                BOOST_TEST(net.told(0, net.id(other), before).empty());
            BOOST_TEST(times_told_since(net, event_kind::suspect, before, net.id(0)) == 0U);
            BOOST_TEST(net.all_know_all());
        }
    }
}

BOOST_AUTO_TEST_CASE(half_of_all_pausing_together_accuse_nobody)
{
    for (auto const each : test::test_seeds(395, 10)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay}, 20);
        auto const before = net.now();
        for (std::size_t who = 0; who < 10; ++who)
            net.pause(who);
        net.run_for(4 * detection_time);
        for (std::size_t who = 0; who < 10; ++who)
            net.resume(who);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
        net.run_for(1min);
        BOOST_TEST(net.all_know_all());
        for (std::size_t who = 0; who < 20; ++who)
            for (std::size_t about = 10; about < 20; ++about)
                BOOST_TEST(net.told(who, net.id(about), before).empty());
    }
}

BOOST_AUTO_TEST_CASE(two_neighbours_that_die_together_are_called_gone_in_time)
{
    for (auto const each : test::test_seeds(400, 10))
        let_neighbours_die(each, 2, detection_time, 0);
}

BOOST_AUTO_TEST_CASE(four_neighbours_that_die_together_are_called_gone_in_time)
{
    for (auto const each : test::test_seeds(410, 10))
        let_neighbours_die(each, 4, detection_time, 0);
}

BOOST_AUTO_TEST_CASE(six_neighbours_that_die_together_are_called_gone_in_twice_the_time)
{
    for (auto const each : test::test_seeds(420, 10))
        let_neighbours_die(each, 6, 2 * detection_time, 0);
}

BOOST_AUTO_TEST_CASE(
    with_30_percent_loss_neighbours_that_die_together_are_called_gone_in_twice_the_time)
{
    for (auto const each : test::test_seeds(430, 10))
        let_neighbours_die(each, 2 + 2 * (each % 3), 2 * detection_time, 0.3);
}

BOOST_AUTO_TEST_CASE(whoever_hears_nothing_gets_nobody_else_called_gone_elsewhere)
{
    for (auto const each : test::test_seeds(450, 20)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay}, each % 2 == 0 ? 10 : 30);
        auto const before = net.now();
        for (std::size_t who = 1; who < net.count(); ++who)
            net.cut(who, 0);
        net.run_for(2min);
        for (std::size_t who = 1; who < net.count(); ++who)
            for (std::size_t about = 1; about < net.count(); ++about) {
                auto const told = net.told(who, net.id(about), before);
                BOOST_TEST(std::ranges::count(told, event_kind::gone) == 0);
            }
        net.heal();
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
    }
}

BOOST_AUTO_TEST_CASE(whoever_is_not_heard_is_gone_everywhere_and_returns_after_healing)
{
    for (auto const each : test::test_seeds(480, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        for (std::size_t who = 1; who < 10; ++who)
            net.cut(0, who);
        net.run_for(30s);
        for (std::size_t who = 1; who < 10; ++who)
            BOOST_TEST(net.told(who, net.id(0), before) ==
                           (kinds{event_kind::suspect, event_kind::gone}),
                       per_element());
        for (std::size_t other = 1; other < 10; ++other)
            BOOST_TEST(net.told(0, net.id(other), before).empty());
        net.heal();
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, return_time));
        BOOST_TEST(times_told_since(net, event_kind::gone, before) == 9U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
