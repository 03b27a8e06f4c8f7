// SPDX-License-Identifier: BSL-1.0
#include "chart/schedule.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::schedule;
using detail::time_point;

namespace {

struct timetable {
    detail::random_source random{1};
    schedule plan{10s, random};
    time_point const start{1h};

    struct sent {
        detail::duration after;
        schedule::transmission what;
    };

    /// All that becomes due up to then, each at its own time.
    std::vector<sent> until(detail::duration end)
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
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_schedule, timetable)

BOOST_AUTO_TEST_CASE(nothing_is_due_before_it_begins)
{
    BOOST_TEST(!plan.next_deadline().has_value());
    BOOST_TEST(!plan.take_due(start).has_value());
}

BOOST_AUTO_TEST_CASE(the_copies_of_an_introduction_are_40_and_80_ms_apart_give_or_take_a_quarter)
{
    for (int run = 0; run < 100; ++run) {
        plan.introduce(start);
        auto const sent = until(1s);
        BOOST_TEST_REQUIRE(sent.size() == 3U);
        BOOST_TEST((sent[0].after == 0ms));
        BOOST_TEST((sent[1].after >= 30ms && sent[1].after <= 50ms));
        auto const second_gap = sent[2].after - sent[1].after;
        BOOST_TEST((second_gap >= 60ms && second_gap <= 100ms));
    }
}

BOOST_AUTO_TEST_CASE(an_introduction_asks_for_answers_and_a_change_does_not)
{
    plan.introduce(start);
    auto const asked = until(1s);
    plan.announce_change(start + 1s);
    auto const told = until(2s);
    BOOST_TEST_REQUIRE(asked.size() == 3U);
    BOOST_TEST_REQUIRE(told.size() == 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        BOOST_TEST(asked[i].what.attempt == i + 1);
        BOOST_TEST(told[i].what.attempt == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_change_during_an_introduction_keeps_it_asking)
{
    plan.introduce(start);
    (void)until(0s);
    plan.announce_change(start + 1ms);
    auto const sent = until(1s);
    BOOST_TEST(sent.size() == 3U);
    for (auto const& each : sent)
        BOOST_TEST(each.what.attempt != 0);
}

BOOST_AUTO_TEST_CASE(three_refreshes_fit_into_every_detection_time)
{
    plan.introduce(start);
    auto const sent = until(1h);
    for (std::size_t i = 3; i + 3 < sent.size(); ++i) {
        BOOST_TEST((sent[i + 3].after - sent[i].after < 10s));
        BOOST_TEST((sent[i + 1].after - sent[i].after >= 2850ms));
    }
    BOOST_TEST(sent.size() > 1100U);
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

BOOST_AUTO_TEST_CASE(leaving_says_goodbye_three_times_within_150_ms_and_then_nothing)
{
    plan.introduce(start);
    (void)until(10s);
    plan.leave(start + 10s);
    BOOST_TEST(plan.is_leaving());
    BOOST_TEST(!plan.has_left());
    auto const sent = until(1h);
    BOOST_TEST_REQUIRE(sent.size() == 3U);
    for (auto const& each : sent)
        BOOST_TEST((each.what.what == schedule::kind::bye));
    BOOST_TEST((sent.back().after <= 10s + 150ms));
    BOOST_TEST(plan.has_left());
    BOOST_TEST(!plan.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
