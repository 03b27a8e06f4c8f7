// SPDX-License-Identifier: BSL-1.0
#include "protocol/objections.hpp"
#include "protocol/own_past.hpp"
#include "protocol/shared_wires.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

using rollcast::detail::objections;
using rollcast::detail::own_past;
using rollcast::detail::shared_wires;
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

BOOST_AUTO_TEST_CASE(links_are_one_wire_until_eight_words_in_a_row_were_not_heard)
{
    own_past past;
    shared_wires wires;
    past.said(1, 3);
    BOOST_TEST(!wires.are_one(3, 4, past));
    BOOST_TEST(wires.hear(4, 3, 1, past));
    BOOST_TEST(!wires.hear(4, 3, 1, past)); // no news
    BOOST_TEST(wires.are_one(4, 3, past));
    BOOST_TEST(!wires.are_one(4, 5, past));
    for (std::uint64_t i = 0; i < shared_wires::most_unheard; ++i)
        past.said(2 + i, 3);
    BOOST_TEST(wires.are_one(3, 4, past));
    past.said(20, 4); // of the other one, it was not to be heard here
    BOOST_TEST(wires.are_one(3, 4, past));
    past.said(21, 3);
    BOOST_TEST(!wires.are_one(3, 4, past));
    BOOST_TEST(wires.hear(3, 4, 20, past));
    wires.forget(4);
    BOOST_TEST(!wires.are_one(3, 4, past));
}

BOOST_AUTO_TEST_CASE(links_part_however_many_others_there_are)
{
    constexpr unsigned links = 100;
    own_past past;
    shared_wires wires;
    std::uint64_t counter = 0;
    auto const say_on_all = [&] {
        for (unsigned link = 0; link < links; ++link)
            past.said(++counter, link);
    };
    say_on_all();
    wires.hear(1, 0, 1, past);
    for (std::size_t i = 0; i < shared_wires::most_unheard; ++i)
        say_on_all();
    BOOST_TEST(wires.are_one(0, 1, past));
    say_on_all();
    BOOST_TEST(!wires.are_one(0, 1, past));
}

BOOST_AUTO_TEST_CASE(the_last_256_pairs_of_links_on_one_wire_are_known)
{
    own_past past;
    shared_wires wires;
    past.said(1, 0);
    for (unsigned link = 1; link <= shared_wires::capacity + 1; ++link)
        wires.hear(link, 0, 1, past);
    BOOST_TEST(!wires.are_one(0, 1, past));
    BOOST_TEST(wires.are_one(0, 2, past));
    BOOST_TEST(wires.are_one(0, shared_wires::capacity + 1, past));
}

BOOST_AUTO_TEST_SUITE_END()
