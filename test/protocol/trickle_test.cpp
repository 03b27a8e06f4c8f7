// SPDX-License-Identifier: BSL-1.0
#include "protocol/trickle.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::duration;
using detail::time_point;
using detail::trickle;

namespace {

struct lone_trickle {
    detail::random_source random{1};
    trickle timer;
    time_point const start{1h};
    time_point now = start;
    std::size_t members = 10;
    std::uint64_t speaker = 0;

    void begin() { timer.start(now, members, random); }
    void hear_another() { timer.hear_consistent(++speaker); }
    void hear_news() { timer.hear_news(now, members, random); }
    void hear_difference() { timer.hear_difference(now, members, random); }
    bool due() { return timer.take_due(now, members, random); }

    /// When it spoke, counted from the start.
    std::vector<duration> until(duration end)
    {
        std::vector<duration> spoken;
        while (timer.next_deadline() && *timer.next_deadline() - start <= end) {
            now = *timer.next_deadline();
            if (due())
                spoken.push_back(now - start);
        }
        now = start + end;
        return spoken;
    }
};

} // namespace

// The rules are those of RFC 6206, section 4.2, but for what follows a reset.
BOOST_FIXTURE_TEST_SUITE(chart_trickle, lone_trickle)

BOOST_AUTO_TEST_CASE(nothing_is_due_before_it_begins_and_after_it_stopped)
{
    hear_difference();
    hear_another();
    BOOST_TEST(!timer.next_deadline().has_value());
    BOOST_TEST(!due());
    begin();
    timer.stop();
    now += 1h;
    BOOST_TEST(!timer.next_deadline().has_value());
    BOOST_TEST(!due());
}

BOOST_AUTO_TEST_CASE(intervals_double_up_to_the_longest_and_each_is_spoken_in_its_second_half)
{
    for (members = 1; members <= trickle::speakers; ++members) {
        now = start;
        begin();
        auto const spoken = until(2h);
        duration begun{};
        duration interval = trickle::shortest;
        for (auto const each : spoken) {
            BOOST_TEST((each - begun >= interval / 2 && each - begun <= interval));
            begun += interval;
            interval = std::min<duration>(2 * interval, trickle::longest);
        }
        BOOST_TEST(spoken.size() > 7200U / 16U);
    }
}

BOOST_AUTO_TEST_CASE(an_application_may_choose_the_shortest_and_the_longest_interval)
{
    timer = trickle({50ms, 400ms});
    begin();
    BOOST_TEST(until(50ms).size() == 1U);
    BOOST_TEST(until(40s).size() >= 99U);
    hear_news();
    hear_difference();
    BOOST_TEST(until(40s + 600ms).size() >= 2U);
    BOOST_TEST((*timer.next_deadline() - now <= 400ms));
}

BOOST_AUTO_TEST_CASE(whoever_has_heard_the_same_often_enough_keeps_silent)
{
    begin();
    for (int i = 0; i < trickle::enough; ++i)
        hear_another();
    BOOST_TEST(until(trickle::shortest).empty());
}

BOOST_AUTO_TEST_CASE(whoever_has_heard_it_less_often_speaks)
{
    begin();
    for (int i = 1; i < trickle::enough; ++i)
        hear_another();
    BOOST_TEST(until(trickle::shortest).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_was_heard_in_one_interval_does_not_count_in_the_next)
{
    begin();
    for (int i = 0; i < trickle::enough; ++i)
        hear_another();
    BOOST_TEST(until(3 * trickle::shortest).size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_a_thousand_about_twenty_would_speak_in_an_interval)
{
    members = 1000;
    begin();
    auto const hours = 1000;
    auto const spoken = until(hours * 1h).size();
    auto const intervals = hours * 3600.0 / 16;
    BOOST_TEST(static_cast<double>(spoken) > intervals * 18 / 1000);
    BOOST_TEST(static_cast<double>(spoken) < intervals * 22 / 1000);
}

BOOST_AUTO_TEST_CASE(news_and_differences_are_followed_by_two_short_intervals_and_the_longest)
{
    for (bool const news : {true, false}) {
        now = start;
        begin();
        until(1min);
        news ? hear_news() : hear_difference();
        auto const spoken = until(2min);
        duration const first = news ? 180ms : 125ms;
        auto begun = duration(1min);
        for (std::size_t i = 0; auto const interval : {first, duration(720ms), duration(16s)}) {
            BOOST_TEST((spoken.at(i) - begun >= interval / 2 && spoken[i] - begun <= interval));
            begun += interval;
            ++i;
        }
    }
}

BOOST_AUTO_TEST_CASE(news_forget_what_was_heard_before)
{
    begin();
    until(1min);
    for (int i = 0; i < trickle::enough; ++i)
        hear_another();
    hear_difference();
    BOOST_TEST(until(1min + trickle::shortest).size() == 1U);
}

BOOST_AUTO_TEST_CASE(news_in_an_interval_that_is_short_already_change_nothing)
{
    begin();
    auto const planned = timer.next_deadline();
    hear_another();
    hear_another();
    hear_difference();
    hear_news();
    BOOST_TEST((timer.next_deadline() == planned));
    BOOST_TEST(until(trickle::shortest).empty());
}

// It may have two links on one wire; if it did for all others, it would never hear anybody.
BOOST_AUTO_TEST_CASE(one_that_speaks_twice_does_not_do_for_two)
{
    begin();
    for (int i = 0; i < trickle::enough; ++i)
        timer.hear_consistent(7);
    BOOST_TEST(until(trickle::shortest).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_late_says_it_once)
{
    begin();
    now += 1h;
    BOOST_TEST(due());
    BOOST_TEST(!due());
    BOOST_TEST((*timer.next_deadline() > now));
}

// So that the first to speak are few, and silence the others; with uniform turns it would be ten.
BOOST_AUTO_TEST_CASE(of_twenty_two_or_three_have_had_their_turn_in_the_third_quarter_of_an_interval)
{
    members = 20;
    std::size_t early = 0;
    for (int run = 0; run < 1000 * 20; ++run) {
        begin();
        early += *timer.next_deadline() < start + trickle::shortest * 3 / 4;
    }
    BOOST_TEST(early > 2200U);
    BOOST_TEST(early < 2600U);
}

BOOST_AUTO_TEST_CASE(of_many_that_hear_each_other_at_once_two_speak_in_each_interval)
{
    std::vector<trickle> all(100);
    for (auto& each : all)
        each.start(now, all.size(), random);
    auto const earliest = [&] {
        return &*std::ranges::min_element(
            all, {}, [](auto const& each) { return each.next_deadline().value(); });
    };
    // Seven intervals end together: 125 ms, 250 ms, ... 8 s.
    std::size_t spoken = 0;
    auto const end = start + 15'875ms;
    for (auto* next = earliest(); *next->next_deadline() < end; next = earliest()) {
        now = *next->next_deadline();
        if (!next->take_due(now, all.size(), random))
            continue;
        ++spoken;
        for (auto& each : all)
            if (&each != next)
                each.hear_consistent(spoken);
    }
    BOOST_TEST(spoken == 7U * trickle::enough);
}

BOOST_AUTO_TEST_SUITE_END()
