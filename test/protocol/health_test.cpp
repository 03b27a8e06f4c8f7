// SPDX-License-Identifier: BSL-1.0
#include "protocol/health.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using rollcast::detail::health;
using rollcast::detail::time_point;

BOOST_AUTO_TEST_SUITE(chart_health)

BOOST_AUTO_TEST_CASE(each_trouble_makes_it_worse_up_to_eight)
{
    health own;
    time_point const now{1h};
    BOOST_TEST(own.factor() == 1);
    own.worsen(now, 10s);
    BOOST_TEST(own.factor() == 2);
    for (int i = 0; i < 20; ++i)
        own.worsen(now, 10s);
    BOOST_TEST(own.factor() == 8);
}

BOOST_AUTO_TEST_CASE(each_time_without_trouble_makes_it_better_down_to_one)
{
    health own;
    time_point const now{1h};
    own.worsen(now, 10s);
    own.worsen(now + 5s, 10s);
    own.advance(now + 14999ms, 10s);
    BOOST_TEST(own.factor() == 3);
    own.advance(now + 15s, 10s);
    own.advance(now + 15s, 10s);
    BOOST_TEST(own.factor() == 2);
    own.advance(now + 25s, 10s);
    own.advance(now + 1h, 10s);
    BOOST_TEST(own.factor() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
