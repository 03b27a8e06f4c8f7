// SPDX-License-Identifier: BSL-1.0
#include "protocol/beat_pace.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
namespace test = rollcast::test;
using rollcast::detail::beats_apart;
using rollcast::detail::spacing_of_beats;

BOOST_AUTO_TEST_SUITE(chart_beat_pace)

BOOST_AUTO_TEST_CASE(those_that_count_on_one_beat_it_every_second_time_at_least)
{
    BOOST_TEST(beats_apart(0, 750ms) == 2);
    BOOST_TEST(beats_apart(6, 750ms) == 2);
    BOOST_TEST(beats_apart(7, 750ms) == 3);
}

BOOST_AUTO_TEST_CASE(one_that_many_count_on_hears_four_and_a_half_beats_a_second_of_them)
{
    for (auto const h : {750ms, 1250ms, 2500ms, 15000ms})
        for (std::size_t const many : {20U, 50U, 200U}) {
            auto const heard = [&](std::chrono::nanoseconds spacing) {
                return test::per_second(many, spacing);
            };
            BOOST_TEST(heard(spacing_of_beats(many, h)) <= 4.5);
            if (beats_apart(many, h) > 2)
                BOOST_TEST(heard(spacing_of_beats(many, h) - h) > 4.5);
        }
}

BOOST_AUTO_TEST_CASE(those_in_a_hurry_beat_in_proportion_more_often)
{
    BOOST_TEST(beats_apart(30, 250ms) == beats_apart(30, 750ms));
}

BOOST_AUTO_TEST_CASE(nobody_is_left_without_a_beat_for_long)
{
    BOOST_TEST(beats_apart(100000, 750ms) == 64);
}

BOOST_AUTO_TEST_SUITE_END()
