// SPDX-License-Identifier: BSL-1.0
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using test::conditions;
using test::simulated_network;
using kinds = std::vector<event_kind>;

namespace {

constexpr auto delay = 1ms;
constexpr std::chrono::milliseconds detection_time = 10s; // of everybody here

// A refresh comes at most 31.5 % of the detection time after the last announcement.
constexpr auto longest_silence = detection_time * 315 / 1000;

std::string data_of(simulated_network& net, std::size_t who, std::size_t about)
{
    auto const known = net.engine(who).others().describe(net.id(about));
    if (!known)
        return "(unknown)";
    return {reinterpret_cast<char const*>(known->data.data()), known->data.size()};
}

std::size_t pairs_known(simulated_network& net)
{
    std::size_t known = 0;
    for (std::size_t a = 0; a < net.count(); ++a)
        for (std::size_t b = 0; b < net.count(); ++b)
            known += a != b && net.knows(a, b);
    return known;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_discovery)

BOOST_AUTO_TEST_CASE(instances_started_together_know_each_other_one_delay_later)
{
    test::test_seed const seed(1);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(30);
    net.start_all();
    net.run_for(delay);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::found) == 30U * 29U);
}

BOOST_AUTO_TEST_CASE(a_newcomer_is_known_after_one_delay_and_knows_all_after_two)
{
    test::test_seed const seed(2);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(20);
    net.start_all();
    net.run_for(1min);
    auto const newcomer = net.add();
    net.start(newcomer);
    net.run_for(delay);
    for (std::size_t who = 0; who < newcomer; ++who)
        BOOST_TEST(net.knows(who, newcomer));
    BOOST_TEST(net.engine(newcomer).size() == 1U);
    net.run_for(delay);
    BOOST_TEST(net.engine(newcomer).size() == 21U);
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_nearly_all_are_known_at_once_and_all_within_two_limits)
{
    // Of a pair, one misses the other's three hellos and the three answers to its own with
    // 0.3^3 * 0.51^3 = 0.4 %. Each of the six refreshes in two detection times leaves 30 % of
    // those: 90 pairs are complete but once in 4000 runs.
    for (auto const each : test::test_seeds(10, 10)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .loss = 0.3});
        net.add_many(10);
        net.start_all();
        net.run_for(200ms);
        BOOST_TEST(pairs_known(net) >= 85U);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 2 * detection_time));
    }
}

BOOST_AUTO_TEST_CASE(loss_is_what_hides_instances)
{
    test::test_seed const seed(3);
    simulated_network net(seed);
    net.add_segment({.loss = 1});
    net.add_many(5);
    net.start_all();
    net.run_for(1min);
    BOOST_TEST(pairs_known(net) == 0U);
    net.segment(0).loss = 0;
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, longest_silence + delay));
}

BOOST_AUTO_TEST_CASE(duplicates_and_reordering_tell_nothing_twice)
{
    test::test_seed const seed(4);
    simulated_network net(seed);
    net.add_segment({.jitter = 300ms, .duplication = 0.5});
    net.add_many(10);
    net.start_all();
    net.run_for(10s);
    for (int i = 0; i < 20; ++i) {
        net.update(0, std::to_string(i));
        net.run_for(20ms);
    }
    net.run_for(10s);
    BOOST_TEST(net.times_told(event_kind::found) == 10U * 9U);
    for (std::size_t who = 1; who < 10; ++who) {
        BOOST_TEST(data_of(net, who, 0) == "19");
        BOOST_TEST(net.told(who, net.id(0)).size() <= 1U + 20U);
    }
}

BOOST_AUTO_TEST_CASE(an_update_reaches_everybody_after_one_delay_and_is_told_once)
{
    test::test_seed const seed(5);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(10);
    net.start_all();
    net.run_for(1min);
    auto const before = net.now();
    net.update(3, "new data");
    net.run_for(delay);
    for (std::size_t who = 0; who < 10; ++who)
        if (who != 3)
            BOOST_TEST(data_of(net, who, 3) == "new data");
    net.run_for(1min);
    for (std::size_t who = 0; who < 10; ++who)
        if (who != 3) {
            BOOST_TEST(net.told(who, net.id(3), before) == kinds{event_kind::updated},
                       boost::test_tools::per_element());
            BOOST_TEST(net.events(who).back().what.who.data.size() == 8U);
        }
}

BOOST_AUTO_TEST_CASE(updating_to_the_same_data_says_nothing)
{
    test::test_seed const seed(6);
    simulated_network net(seed);
    net.add({.data = "same"});
    net.add();
    net.start_all();
    net.run_for(1s);
    auto const before = net.traffic_of(0).multicasts;
    net.update(0, "same");
    net.run_for(100ms);
    BOOST_TEST(net.traffic_of(0).multicasts == before);
    BOOST_TEST(net.times_told(event_kind::updated) == 0U);
}

BOOST_AUTO_TEST_CASE(an_update_while_everything_is_lost_arrives_with_a_refresh)
{
    test::test_seed const seed(7);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(3);
    net.start_all();
    net.run_for(1s);
    net.segment(0).loss = 1;
    net.update(0, "late");
    net.run_for(200ms);
    net.segment(0).loss = 0;
    net.run_for(longest_silence + delay);
    BOOST_TEST(data_of(net, 1, 0) == "late");
    BOOST_TEST(data_of(net, 2, 0) == "late");
}

BOOST_AUTO_TEST_CASE(applications_of_different_names_do_not_see_each_other)
{
    test::test_seed const seed(8);
    simulated_network net(seed);
    net.add({.name = "red"});
    net.add({.name = "blue"});
    net.add({.name = "red"});
    net.start_all();
    net.run_for(1min);
    BOOST_TEST(net.knows(0, 2));
    BOOST_TEST(net.engine(1).size() == 1U);
    BOOST_TEST(net.engine(1).counters().foreign > 0U);
}

BOOST_AUTO_TEST_CASE(a_silent_listener_learns_of_all_within_a_refresh_and_never_speaks)
{
    test::test_seed const seed(9);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(10);
    net.start_all();
    net.run_for(1min);
    auto const listener = net.add();
    net.listen_only(listener);
    net.run_for(longest_silence + delay);
    BOOST_TEST(net.engine(listener).size() == 11U);
    net.crash(4);
    net.update(5, "news");
    net.leave(listener);
    net.run_for(1min);
    BOOST_TEST(data_of(net, listener, 5) == "news");
    BOOST_TEST(net.engine(listener).size() == 10U);
    BOOST_TEST(net.traffic_of(listener).bytes_sent == 0U);
    BOOST_TEST(net.engine(0).size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_listener_that_talks_to_nobody_still_has_no_last_words)
{
    test::test_seed const seed(20);
    simulated_network net(seed);
    net.add_many(2);
    net.listen_only(0);
    net.start(1);
    net.run_for(1s);
    BOOST_TEST(net.engine(0).last_words().empty());
    BOOST_TEST(net.engine(1).last_words().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_hour)
{
    auto const hour = [](std::uint64_t seed) {
        simulated_network net(seed);
        net.add_segment({.jitter = 50ms, .loss = 0.3, .duplication = 0.1});
        net.add_many(5);
        net.start_all();
        net.run_for(10min);
        return net.total_traffic();
    };
    test::test_seed const seed(21);
    auto const first = hour(seed);
    auto const again = hour(seed);
    auto const other = hour(seed + 1);
    BOOST_TEST(first.received == again.received);
    BOOST_TEST(first.advances == again.advances);
    BOOST_TEST(first.received != other.received);
}

BOOST_AUTO_TEST_SUITE_END()
