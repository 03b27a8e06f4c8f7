// SPDX-License-Identifier: BSL-1.0
#include "protocol/introduction.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::duration;
using detail::introduction;
using detail::time_point;

namespace {

struct timetable {
    detail::random_source random{1};
    introduction plan{random};
    time_point const start{1h};

    struct sent {
        duration after;
        introduction::transmission what;
    };

    /// All that becomes due up to then, each at its own time.
    std::vector<sent> until(duration end)
    {
        std::vector<sent> all;
        while (auto const next = plan.next_deadline()) {
            if (*next - start > end)
                break;
            auto const due = plan.take_due(*next);
            BOOST_TEST_REQUIRE(due.has_value());
            all.push_back({*next - start, *due});
        }
        return all;
    }

    std::vector<int> attempts_until(duration end)
    {
        std::vector<int> attempts;
        for (auto const& each : until(end))
            attempts.push_back(each.what.attempt);
        return attempts;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_introduction, timetable)

BOOST_AUTO_TEST_CASE(nothing_is_due_before_it_begins)
{
    BOOST_TEST(!plan.next_deadline().has_value());
    BOOST_TEST(!plan.take_due(start).has_value());
    BOOST_TEST(!plan.is_asking());
}

BOOST_AUTO_TEST_CASE(the_first_copy_comes_within_a_millisecond_but_not_from_all_at_once)
{
    duration latest{};
    duration earliest = 1h;
    for (int run = 0; run < 1000; ++run) {
        plan.introduce(start);
        auto const first = *plan.next_deadline() - start;
        latest = std::max(latest, first);
        earliest = std::min(earliest, first);
    }
    BOOST_TEST((earliest >= 0us && earliest < 50us));
    BOOST_TEST((latest > 950us && latest <= 1ms));
}

BOOST_AUTO_TEST_CASE(the_copies_of_an_introduction_are_40_and_80_ms_apart_give_or_take_a_quarter)
{
    for (int run = 0; run < 100; ++run) {
        plan.introduce(start);
        auto const sent = until(1s);
        BOOST_TEST_REQUIRE(sent.size() == 3U);
        auto const first_gap = sent[1].after - sent[0].after;
        BOOST_TEST((first_gap >= 30ms && first_gap <= 50ms));
        auto const second_gap = sent[2].after - sent[1].after;
        BOOST_TEST((second_gap >= 60ms && second_gap <= 100ms));
    }
}

BOOST_AUTO_TEST_CASE(an_introduction_asks_for_answers_and_a_change_does_not)
{
    plan.introduce(start);
    BOOST_TEST(plan.is_asking());
    BOOST_TEST(attempts_until(1s) == (std::vector{1, 2, 3}), per_element());
    plan.announce_change(start + 1s);
    BOOST_TEST(attempts_until(2s) == (std::vector{0, 0, 0}), per_element());
}

BOOST_AUTO_TEST_CASE(an_answered_one_goes_on_without_asking)
{
    plan.introduce(start);
    BOOST_TEST(attempts_until(1ms) == std::vector{1}, per_element());
    plan.answered();
    BOOST_TEST(!plan.is_asking());
    BOOST_TEST(attempts_until(1s) == (std::vector{0, 0}), per_element());
}

BOOST_AUTO_TEST_CASE(another_introduction_asks_again)
{
    plan.introduce(start);
    (void)until(1ms);
    plan.answered();
    plan.introduce(start + 10ms);
    BOOST_TEST(plan.is_asking());
    BOOST_TEST(attempts_until(1s) == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(a_change_during_an_introduction_keeps_it_asking)
{
    plan.introduce(start);
    (void)until(1ms);
    plan.announce_change(start + 2ms);
    BOOST_TEST(attempts_until(1s) == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(a_change_is_told_at_once)
{
    plan.announce_change(start);
    BOOST_TEST((plan.next_deadline() == start));
}

BOOST_AUTO_TEST_CASE(changes_in_quick_succession_are_at_least_40_ms_apart)
{
    std::vector<time_point> told;
    for (auto now = start; now < start + 1s; now += 1ms) {
        plan.announce_change(now);
        while (plan.take_due(now))
            told.push_back(now);
    }
    BOOST_TEST(told.size() == 25U);
    for (std::size_t i = 1; i < told.size(); ++i)
        BOOST_TEST((told[i] - told[i - 1] >= 40ms));
}

BOOST_AUTO_TEST_CASE(others_who_start_meanwhile_put_off_the_copies_but_not_the_first)
{
    plan.introduce(start);
    auto const first = plan.next_deadline();
    for (int i = 0; i < 1000; ++i)
        plan.hear_hello(start);
    BOOST_TEST((plan.next_deadline() == first));
    (void)until(1ms);
    auto const planned = *plan.next_deadline();
    for (int i = 0; i < 1000; ++i)
        plan.hear_hello(start + 2ms);
    // A thousand at 500 a second.
    auto const put_off = *plan.next_deadline() - planned;
    BOOST_TEST((put_off > 900ms && put_off < 1100ms));
    BOOST_TEST(until(1h).size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_call_that_comes_late_sends_no_more_than_what_is_still_due)
{
    plan.introduce(start);
    int sent = 0;
    while (plan.take_due(start + 1h))
        ++sent;
    BOOST_TEST(sent == 1);
    BOOST_TEST((*plan.next_deadline() > start + 1h));
}

BOOST_AUTO_TEST_CASE(after_three_copies_it_is_silent_for_good)
{
    plan.introduce(start);
    BOOST_TEST(until(24h).size() == 3U);
    BOOST_TEST(!plan.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(leaving_says_goodbye_three_times_within_150_ms_and_then_nothing)
{
    plan.introduce(start);
    (void)until(20ms);
    plan.leave(start + 20ms);
    BOOST_TEST(plan.is_leaving());
    BOOST_TEST(!plan.has_left());
    plan.hear_hello(start + 21ms);
    auto const sent = until(1h);
    BOOST_TEST_REQUIRE(sent.size() == 3U);
    for (auto const& each : sent) {
        BOOST_TEST((each.what.what == introduction::kind::bye));
        BOOST_TEST(each.what.attempt == 0);
    }
    BOOST_TEST((sent.front().after == 20ms));
    BOOST_TEST((sent.back().after <= 20ms + 150ms));
    BOOST_TEST(plan.has_left());
    BOOST_TEST(!plan.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(a_stopped_one_says_nothing_more)
{
    plan.introduce(start);
    plan.stop();
    BOOST_TEST(!plan.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
