// SPDX-License-Identifier: BSL-1.0
#include "protocol/onlookers.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::onlookers;

namespace {

life_id life_of_onlooker(std::size_t number)
{
    life_id life{};
    life.bytes[0] = static_cast<std::uint8_t>(number);
    life.bytes[1] = static_cast<std::uint8_t>(number >> 8);
    return life;
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_onlookers)

BOOST_AUTO_TEST_CASE(each_counts_once_and_for_a_minute_after_it_was_heard_last)
{
    onlookers seen;
    detail::time_point const now{1h};
    seen.note(life_of_onlooker(1), now);
    seen.note(life_of_onlooker(2), now + 10s);
    seen.note(life_of_onlooker(1), now + 30s);
    BOOST_TEST(seen.count(now + 30s) == 2U);
    BOOST_TEST(seen.count(now + 69s) == 2U);
    BOOST_TEST(seen.count(now + 70s) == 1U);
    BOOST_TEST(seen.count(now + 90s) == 0U);
}

BOOST_AUTO_TEST_CASE(those_that_were_not_heard_for_a_minute_make_room)
{
    onlookers seen;
    detail::time_point const now{1h};
    for (std::size_t i = 0; i < 200; ++i)
        seen.note(life_of_onlooker(i), now);
    for (std::size_t i = 200; i < 400; ++i)
        seen.note(life_of_onlooker(i), now + 1min);
    BOOST_TEST(seen.count(now + 1min) == 200U);
}

BOOST_AUTO_TEST_CASE(of_very_many_256_are_remembered)
{
    onlookers seen;
    detail::time_point const now{1h};
    for (std::size_t i = 0; i < 1000; ++i)
        seen.note(life_of_onlooker(i), now);
    BOOST_TEST(seen.count(now) == 256U);
}

BOOST_AUTO_TEST_SUITE_END()
