// SPDX-License-Identifier: BSL-1.0
#include "protocol/objections.hpp"
#include "protocol/own_past.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

using rollcast::detail::objections;
using rollcast::detail::own_past;
using rollcast::detail::time_point;
using namespace std::chrono_literals;

namespace {

std::array<std::byte, 2> record_number(std::size_t n)
{
    return {static_cast<std::byte>(n >> 8), static_cast<std::byte>(n)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(chart_own_past)

BOOST_AUTO_TEST_CASE(the_link_of_a_multicast_is_known_until_too_many_have_followed)
{
    own_past past;
    past.said(5, 3);
    past.said(9, 4);
    BOOST_TEST((past.where_said(5) == 3U));
    BOOST_TEST((past.where_said(9) == 4U));
    BOOST_TEST(!past.where_said(7).has_value());
    for (std::uint64_t i = 0; i < own_past::most_words - 1; ++i)
        past.said(10 + i, 4);
    BOOST_TEST((past.where_said(9) == 4U));
    BOOST_TEST(past.said_since(9, 4) == own_past::most_words - 1);
    BOOST_TEST(past.said_since(9, 3) == 0U);
    BOOST_TEST(past.said_since(9, 5) == 0U);
    past.said(1000, 4);
    BOOST_TEST(!past.where_said(9).has_value());
    BOOST_TEST((past.where_said(5) == 3U)); // little was said there
    past.forget(3);
    BOOST_TEST(!past.where_said(5).has_value());
}

BOOST_AUTO_TEST_CASE(records_are_known_until_too_many_others_have_followed)
{
    own_past past;
    past.had(record_number(0));
    past.had(record_number(0));
    BOOST_TEST(past.has_had(record_number(0)));
    BOOST_TEST(!past.has_had(record_number(1)));
    for (std::size_t i = 1; i < own_past::most_records; ++i)
        past.had(record_number(i));
    BOOST_TEST(past.has_had(record_number(0)));
    past.had(record_number(own_past::most_records));
    BOOST_TEST(!past.has_had(record_number(0)));
    BOOST_TEST(past.has_had(record_number(own_past::most_records)));
}

BOOST_AUTO_TEST_CASE(six_objections_may_be_made_at_once_and_then_one_in_two_seconds)
{
    objections may;
    time_point now{24h};
    for (int i = 0; i < objections::at_once; ++i, now += objections::under_way + 1ms)
        BOOST_TEST(may.take(now));
    BOOST_TEST(!may.take(now));
    int made = 0;
    for (auto const end = now + 20s; now < end; now += 200ms)
        made += may.take(now);
    BOOST_TEST(made >= 9);
    BOOST_TEST(made <= 11);
}

BOOST_AUTO_TEST_CASE(what_is_heard_while_an_objection_is_under_way_needs_no_other_one)
{
    objections may;
    time_point now{24h};
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(may.take(now + i * 7ms));
    for (int i = 1; i < objections::at_once; ++i)
        BOOST_TEST(may.take(now += 200ms));
    BOOST_TEST(!may.take(now + 200ms));
}

BOOST_AUTO_TEST_SUITE_END()
