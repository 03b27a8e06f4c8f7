// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_times.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace rollcast;
using namespace std::chrono_literals;
using test::beat_interval;
using test::conditions;
using test::delay;
using test::detection_time;
using test::first_wait;
using test::simulated_network;
using kinds = std::vector<event_kind>;

namespace {

// Somebody's turn to send a digest comes at most one and a half intervals of 16 s after the last.
constexpr auto longest_without_digest = 24s;

// A listener who asks nobody holds those who are not mentioned for three such intervals, and looks
// every 4 s.
constexpr auto silent_limit = 48s;
constexpr auto silent_check = 4s;

std::string data_of(simulated_network& net, std::size_t who, std::size_t about)
{
    auto const known = net.engine(who).describe(net.id(about));
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

/// So many, and a listener that has known all of them for a while.
struct overheard : simulated_network {
    overheard(std::uint64_t seed, std::size_t members) : simulated_network(seed), listener(members)
    {
        add_segment({.delay = delay});
        add_many(members);
        listen_only(add());
        for (std::size_t who = 0; who < members; ++who)
            start(who);
        run_for(1min);
        BOOST_TEST(engine(listener).size() == members + 1);
    }

    std::size_t const listener;
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_discovery)

BOOST_AUTO_TEST_CASE(instances_started_together_know_each_other_one_delay_later)
{
    test::test_seed const seed(1);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(30);
    net.start_all();
    net.run_for(first_wait + delay);
    BOOST_TEST(net.all_know_all());
    BOOST_TEST(net.times_told(event_kind::found) == 30U * 29U);
}

BOOST_AUTO_TEST_CASE(a_newcomer_is_known_after_one_delay_and_knows_all_after_four)
{
    test::test_seed const seed(2);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(20);
    net.start_all();
    net.run_for(1min);
    auto const newcomer = net.add();
    net.start(newcomer);
    net.run_for(first_wait + delay);
    for (std::size_t who = 0; who < newcomer; ++who)
        BOOST_TEST(net.knows(who, newcomer));
    net.run_for(3 * delay); // it is answered, asks for the records, and gets them
    BOOST_TEST(net.engine(newcomer).size() == 21U);
}

BOOST_AUTO_TEST_CASE(with_30_percent_loss_nearly_all_are_known_at_once_and_all_within_two_seconds)
{
    for (auto const each : test::test_seeds(10, 20)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .loss = 0.3});
        net.add_many(10);
        net.start_all();
        net.run_for(200ms);
        BOOST_TEST(pairs_known(net) >= 80U);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 2s));
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
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, longest_without_digest + 1s));
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

BOOST_AUTO_TEST_CASE(a_reordering_of_50_ms_and_duplicates_tell_nothing_false)
{
    for (auto const each : test::test_seeds(50, 10)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .jitter = 50ms, .duplication = 1});
        net.add_many(20);
        net.start_all();
        net.run_for(10s);
        BOOST_TEST(net.all_know_all());
        net.update(3, "one");
        net.update(3, "two");
        net.run_for(1s);
        for (std::size_t who = 0; who < 20; ++who)
            if (who != 3)
                BOOST_TEST(data_of(net, who, 3) == "two");
        net.leave(5);
        net.run_for(5min);
        BOOST_TEST(net.times_told(event_kind::found) == 20U * 19U);
        BOOST_TEST(net.times_told(event_kind::left) == 19U);
        BOOST_TEST(net.times_told(event_kind::updated) <= 2U * 19U);
        BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
        BOOST_TEST(net.times_told(event_kind::gone) == 0U);
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

BOOST_AUTO_TEST_CASE(with_30_percent_loss_an_update_reaches_all_of_thirty_within_a_second)
{
    for (auto const each : test::test_seeds(60, 20)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .loss = 0.3});
        net.add_many(30);
        net.start_all();
        net.run_for(1min);
        net.update(each % 30, "new data");
        auto const all_have_it = [&] {
            for (std::size_t who = 0; who < 30; ++who)
                if (who != each % 30 && data_of(net, who, each % 30) != "new data")
                    return false;
            return true;
        };
        BOOST_TEST(net.run_until(all_have_it, 1s));
        net.run_for(1min);
        BOOST_TEST(net.times_told(event_kind::updated) == 29U);
    }
}

BOOST_AUTO_TEST_CASE(
    with_40_percent_loss_a_late_joiner_knows_all_and_is_known_by_all_within_three_seconds)
{
    for (auto const each : test::test_seeds(80, 20)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay, .loss = 0.4});
        net.add_many(30);
        net.start_all();
        net.run_for(1min);
        auto const newcomer = net.add();
        net.start(newcomer);
        BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 3s));
    }
}

BOOST_AUTO_TEST_CASE(each_knows_those_of_its_own_segments_and_no_others)
{
    test::test_seed const seed(100);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_segment({.delay = delay});
    net.add_many(5);                       // 0 to 4
    net.add_many(5, {.segments = {1}});    // 5 to 9
    net.add_many(2, {.segments = {0, 1}}); // 10 and 11
    net.start_all();
    net.run_for(1min);
    for (std::size_t who = 0; who < 10; ++who)
        BOOST_TEST(net.engine(who).size() == 7U);
    BOOST_TEST(!net.knows(0, 5));
    for (std::size_t both : {10U, 11U}) {
        BOOST_TEST(net.engine(both).size() == 12U);
        for (std::size_t who = 0; who < 10; ++who)
            BOOST_TEST(net.told(both, net.id(who)) == kinds{event_kind::found},
                       boost::test_tools::per_element());
    }
    BOOST_TEST(net.engine(10).describe(net.id(11))->addresses.size() == 2U);
    BOOST_TEST(net.told(10, net.id(11)) == (kinds{event_kind::found, event_kind::updated}),
               boost::test_tools::per_element());
    BOOST_TEST(net.times_told(event_kind::suspect) == 0U);
}

BOOST_AUTO_TEST_CASE(those_on_two_segments_outlive_either_of_them_for_each_other)
{
    test::test_seed const seed(101);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_segment({.delay = delay});
    net.add_many(5);
    net.add_many(5, {.segments = {1}});
    net.add_many(2, {.segments = {0, 1}});
    net.start_all();
    net.run_for(1min);
    auto const before = net.now();
    net.segment(1).loss = 1;
    net.run_for(2 * detection_time);
    BOOST_TEST(net.engine(0).size() == 7U);
    BOOST_TEST(net.engine(5).size() == 1U);
    BOOST_TEST(net.engine(10).size() == 7U);
    BOOST_TEST(net.engine(10).describe(net.id(11))->addresses.size() == 1U);
    BOOST_TEST(net.told(10, net.id(11), before) == kinds{event_kind::updated},
               boost::test_tools::per_element());
    for (std::size_t who = 0; who < 5; ++who)
        for (std::size_t about = 0; about < net.count(); ++about)
            BOOST_TEST(net.told(who, net.id(about), before).empty());
    net.segment(1).loss = 0;
    net.run_for(16s);
    BOOST_TEST(net.engine(5).size() == 7U);
    BOOST_TEST(net.engine(10).size() == 12U);
}

BOOST_AUTO_TEST_CASE(a_crash_on_two_segments_is_told_once)
{
    test::test_seed const seed(102);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_segment({.delay = delay});
    net.add_many(5);
    net.add_many(5, {.segments = {1}});
    net.add_many(2, {.segments = {0, 1}});
    net.start_all();
    net.run_for(1min);
    auto const before = net.now();
    net.crash(11);
    net.run_for(detection_time);
    for (std::size_t who = 0; who < 10; ++who)
        BOOST_TEST(net.told(who, net.id(11), before) ==
                       (kinds{event_kind::suspect, event_kind::gone}),
                   boost::test_tools::per_element());
    auto const told = net.told(10, net.id(11), before);
    BOOST_TEST(std::ranges::count(told, event_kind::suspect) == 1);
    BOOST_TEST(std::ranges::count(told, event_kind::gone) == 1);
    BOOST_TEST(net.engine(10).size() == 11U);
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

BOOST_AUTO_TEST_CASE(an_update_while_everything_is_lost_is_asked_for_after_a_beat)
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
    net.run_for(beat_interval + 300ms);
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

BOOST_AUTO_TEST_CASE(a_silent_listener_learns_of_all_from_a_digest_and_never_speaks)
{
    test::test_seed const seed(1207);
    simulated_network net(seed);
    net.add_segment({.delay = delay});
    net.add_many(10);
    net.start_all();
    net.run_for(1min);
    auto const listener = net.add();
    net.listen_only(listener);
    net.run_for(longest_without_digest);
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

BOOST_AUTO_TEST_CASE(a_silent_listener_learns_of_sixty_from_five_digests)
{
    for (auto const each : test::test_seeds(1022, 5)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay});
        net.add_many(60);
        net.start_all();
        net.run_for(1min);
        auto const listener = net.add();
        net.listen_only(listener);
        BOOST_TEST(net.run_until([&] { return net.engine(listener).size() == 61; },
                                 5 * longest_without_digest));
        net.run_for(10min);
        BOOST_TEST(net.engine(listener).size() == 61U);
        for (std::size_t who = 0; who < 60; ++who)
            BOOST_TEST(net.told(listener, net.id(who)) == kinds{event_kind::found},
                       boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_silent_listener_hears_who_is_called_gone)
{
    for (auto const each : test::test_seeds(1205, 5)) {
        test::test_seed const seed(each);
        simulated_network net(seed);
        net.add_segment({.delay = delay});
        net.add_many(10);
        auto const listener = net.add();
        net.listen_only(listener);
        for (std::size_t who = 0; who < 10; ++who)
            net.start(who);
        net.run_for(1min);
        net.crash(4);
        net.run_for(detection_time);
        BOOST_TEST(!net.knows(listener, 4));
        BOOST_TEST(net.engine(listener).size() == 10U);
    }
}

BOOST_AUTO_TEST_CASE(a_silent_listener_drops_who_is_not_mentioned_for_48_seconds)
{
    test::test_seed const seed(40);
    overheard net(seed, 10);
    net.crash(4);
    for (std::size_t who = 0; who < 10; ++who)
        net.cut(who, net.listener); // it misses that the others call it gone
    net.run_for(silent_limit / 2);
    BOOST_TEST(net.knows(net.listener, 4));
    net.heal();
    net.run_for(silent_limit / 2 + silent_check);
    BOOST_TEST(!net.knows(net.listener, 4));
    BOOST_TEST(net.engine(net.listener).size() == 10U);
}

BOOST_AUTO_TEST_CASE(a_silent_listener_of_a_dead_segment_knows_nobody_after_52_seconds)
{
    test::test_seed const seed(41);
    overheard net(seed, 30);
    for (std::size_t who = 0; who < 30; ++who)
        net.crash(who);
    net.run_for(silent_limit + silent_check);
    BOOST_TEST(net.engine(net.listener).size() == 1U);
}

// It was the listener that did not hear, and it cannot tell anybody to object.
BOOST_AUTO_TEST_CASE(a_silent_listener_knows_all_again_once_it_hears_them)
{
    test::test_seed const seed(42);
    overheard net(seed, 10);
    for (std::size_t who = 0; who < 10; ++who)
        net.cut(who, net.listener);
    net.run_for(silent_limit + silent_check);
    BOOST_TEST(net.engine(net.listener).size() == 1U);
    net.heal();
    BOOST_TEST(net.run_until([&] { return net.engine(net.listener).size() == 11U; }, 1min));
}

BOOST_FIXTURE_TEST_CASE(a_silent_listener_counts_the_silence_of_each_anew_after_a_pause,
                        test::lone_engine)
{
    heart.listen_only(now);
    test::stranger other(9);
    hear(other, message_type::hello);
    pass(1s);
    now += 10min; // not called meanwhile
    heart.advance(now);
    for (int i = 0; i < 30; ++i) {
        hear(test::stranger(8), message_type::hello);
        pass(1s);
    }
    BOOST_TEST(heart.describe(9).has_value());
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

// Whatever is looked for at rest is asked by unicast; the figure is that of the targets.
BOOST_AUTO_TEST_CASE(a_hundred_that_began_at_once_say_little_to_all_at_thirty_percent_loss)
{
    test::test_seed const seed(43);
    simulated_network net(seed);
    net.add_segment({.delay = delay, .loss = 0.3});
    net.add_many(100);
    net.start_all();
    net.run_for(3min);
    std::size_t multicasts = 0;
    net.observe([&](std::size_t, detail::outgoing const& what) { multicasts += what.to ? 0 : 1; });
    net.run_for(5min);
    BOOST_TEST(multicasts <= 0.5 * 300);
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
