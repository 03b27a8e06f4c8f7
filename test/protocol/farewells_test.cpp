// SPDX-License-Identifier: BSL-1.0
#include "protocol/farewells.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::farewells;
using test::someone;

BOOST_AUTO_TEST_SUITE(chart_farewells)

BOOST_AUTO_TEST_CASE(whoever_is_said_to_have_left_has_300_ms_to_answer)
{
    farewells said;
    detail::time_point const now{1h};
    BOOST_TEST(!said.next_deadline().has_value());
    BOOST_TEST(said.note(someone(1), now));
    BOOST_TEST((said.next_deadline() == now + 300ms));
    BOOST_TEST(!said.take_due(now + 299ms).has_value());
    auto const due = said.take_due(now + 300ms);
    BOOST_REQUIRE(due.has_value());
    BOOST_TEST((due->who == someone(1)));
    BOOST_TEST((due->at == now));
    BOOST_TEST(!said.take_due(now + 1h).has_value());
}

BOOST_AUTO_TEST_CASE(those_who_left_one_after_the_other_are_due_one_after_the_other)
{
    farewells said;
    detail::time_point const now{1h};
    for (std::uint64_t id = 1; id <= 3; ++id)
        said.note(someone(id), now + id * 10ms);
    for (std::uint64_t id = 1; id <= 3; ++id)
        BOOST_TEST((said.take_due(now + 1s)->who == someone(id)));
}

BOOST_AUTO_TEST_CASE(it_is_news_once_for_each_life)
{
    farewells said;
    detail::time_point const now{1h};
    BOOST_TEST(said.note(someone(1), now));
    BOOST_TEST(!said.note(someone(1), now));
    BOOST_TEST(said.note(someone(1, 2), now));
}

BOOST_AUTO_TEST_CASE(not_more_than_64_are_asked_at_once)
{
    farewells said;
    detail::time_point const now{1h};
    for (std::uint64_t id = 0; id < 64; ++id)
        BOOST_TEST(said.note(someone(id), now));
    BOOST_TEST(!said.note(someone(64), now));
    said.take_due(now + 1s);
    BOOST_TEST(said.note(someone(64), now));
}

BOOST_AUTO_TEST_SUITE_END()
