// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_settled.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

// Two living instances that claim one id.

using namespace rollcast;
using namespace std::chrono_literals;
using test::delay;
using test::settled;
using test::times_told_since;

namespace {

constexpr std::size_t third_parties = 9; // 0 to 8; 9 is the incumbent, and 10 the newcomer
constexpr std::size_t incumbent = 9;

bool all_chart(settled& net, std::size_t which)
{
    for (std::size_t who = 0; who < third_parties; ++who)
        if (!net.knows(who, which))
            return false;
    return true;
}

std::ptrdiff_t times(settled const& net, std::size_t who, event_kind kind, test::time_point since)
{
    return std::ranges::count(net.told(who, net.id(incumbent), since), kind);
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_collision)

BOOST_AUTO_TEST_CASE(the_older_life_stays_charted_every_moment_of_a_minute_and_all_are_told)
{
    for (auto const each : test::test_seeds(500, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        auto const newcomer = net.add({.id = net.id(incumbent)});
        net.start(newcomer);
        net.run_for(1s);
        BOOST_TEST(times(net, newcomer, event_kind::id_conflict, before) == 1);
        BOOST_TEST(times(net, incumbent, event_kind::id_conflict, before) == 1);
        for (int i = 0; i < 590; ++i) {
            net.run_for(100ms);
            BOOST_TEST(all_chart(net, incumbent));
        }
        for (std::size_t who = 0; who < net.count(); ++who) {
            BOOST_TEST(times(net, who, event_kind::id_conflict, before) >= 1);
            BOOST_TEST(times(net, who, event_kind::id_conflict, before) <= 7); // 6 D
            BOOST_TEST(times(net, who, event_kind::restarted, before) == 0);
        }
        BOOST_TEST(times_told_since(net, event_kind::suspect, before) == 0U);
        BOOST_TEST(times_told_since(net, event_kind::gone, before) == 0U);
        BOOST_TEST(net.engine(newcomer).size() == 10U);
    }
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_the_older_life_is_charted_from_the_tenth_second_on)
{
    for (auto const each : test::test_seeds(510, 20)) {
        test::test_seed const seed(each);
        settled net(seed, {.delay = delay, .loss = 0.3});
        auto const before = net.now();
        auto const newcomer = net.add({.id = net.id(incumbent)});
        net.start(newcomer);
        net.run_for(10s);
        int moments = 0;
        for (int i = 0; i < 500; ++i) {
            net.run_for(100ms);
            moments += all_chart(net, incumbent);
        }
        BOOST_TEST(moments == 500);
        for (std::size_t who = 0; who < net.count(); ++who)
            BOOST_TEST(times(net, who, event_kind::id_conflict, before) >= 1);
        BOOST_TEST(times_told_since(net, event_kind::gone, before) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(two_that_start_together_with_one_id_are_told_and_all_chart_the_same_one)
{
    for (auto const each : test::test_seeds(530, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const before = net.now();
        auto const one = net.add({.id = 50});
        auto const other = net.add({.id = 50});
        net.start(one);
        net.start(other);
        net.run_for(10s);
        for (int i = 0; i < 50; ++i) {
            net.run_for(1s);
            std::size_t with_one = 0;
            std::size_t with_other = 0;
            for (std::size_t who = 0; who < 10; ++who) {
                with_one += net.knows(who, one);
                with_other += net.knows(who, other);
            }
            BOOST_TEST((with_one == 10 || with_other == 10));
        }
        for (auto const who : {one, other})
            BOOST_TEST(std::ranges::count(net.told(who, 50, before), event_kind::id_conflict) >= 1);
        BOOST_TEST(times_told_since(net, event_kind::gone, before) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(when_the_older_life_leaves_the_newer_one_is_charted_soon)
{
    for (auto const each : test::test_seeds(540, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const newcomer = net.add({.id = net.id(incumbent)});
        net.start(newcomer);
        net.run_for(30s);
        net.leave(incumbent);
        BOOST_TEST(net.run_until([&] { return all_chart(net, newcomer); }, 16s));
        net.run_for(1min);
        BOOST_TEST(all_chart(net, newcomer));
    }
}

BOOST_AUTO_TEST_CASE(when_the_older_life_crashes_the_newer_one_is_charted_within_two_limits)
{
    for (auto const each : test::test_seeds(550, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const newcomer = net.add({.id = net.id(incumbent)});
        net.start(newcomer);
        net.run_for(30s);
        net.crash(incumbent);
        BOOST_TEST(net.run_until([&] { return all_chart(net, newcomer); }, 20s));
        net.run_for(1min);
        BOOST_TEST(all_chart(net, newcomer));
    }
}

BOOST_AUTO_TEST_CASE(when_the_newer_life_leaves_the_older_one_stays_charted)
{
    for (auto const each : test::test_seeds(560, 10)) {
        test::test_seed const seed(each);
        settled net(seed);
        auto const newcomer = net.add({.id = net.id(incumbent)});
        net.start(newcomer);
        net.run_for(30s);
        auto const before = net.now();
        net.leave(newcomer);
        net.run_for(1min);
        BOOST_TEST(all_chart(net, incumbent));
        BOOST_TEST(times_told_since(net, event_kind::left, before) == 0U);
        BOOST_TEST(times_told_since(net, event_kind::gone, before) == 0U);
    }
}

BOOST_AUTO_TEST_CASE(a_conflict_causes_few_datagrams)
{
    test::test_seed const seed(570);
    settled net(seed);
    auto const newcomer = net.add({.id = net.id(incumbent)});
    net.start(newcomer);
    net.run_for(30s);
    auto const before = net.total_traffic();
    net.run_for(1min);
    auto const after = net.total_traffic();
    BOOST_TEST(after.multicasts - before.multicasts <= 180U);
    BOOST_TEST(after.unicasts - before.unicasts <= 11U * 60U * 3U);
}

BOOST_AUTO_TEST_SUITE_END()
