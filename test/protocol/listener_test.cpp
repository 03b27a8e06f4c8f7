// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

// An instance that only listens, from the start, until it announces, or since it does no more.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

BOOST_FIXTURE_TEST_SUITE(chart_listener, lone_engine)

BOOST_AUTO_TEST_CASE(a_listener_that_has_slept_gives_everybody_all_the_time_anew)
{
    heart.listen_only(now);
    hear(stranger(1), message_type::hello);
    pass(40s);
    heart.wake_up(1h, now);
    pass(40s);
    BOOST_TEST(heart.describe(1).has_value());
    pass(20s);
    BOOST_TEST(!heart.describe(1).has_value());
}

BOOST_AUTO_TEST_CASE(before_it_is_told_to_announce_it_is_a_listener)
{
    heart.start_withdrawn(now);
    hear_attempt(stranger(1), 1);
    pass(1h);
    BOOST_TEST(sent().empty());
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone}), per_element());
    heart.announce(true, now);
    pass(1s);
    BOOST_TEST(sent(message_type::hello).size() == 3U);
}

BOOST_AUTO_TEST_CASE(once_it_announces_no_more_it_is_a_listener)
{
    settle_in();
    chart(stranger(1));
    heart.announce(false, now);
    pass(1s);
    BOOST_TEST(sent().size() == 3U);
    hear_attempt(stranger(2), 1);
    pass(1h);
    BOOST_TEST(sent().empty());
    BOOST_TEST(news() == (kinds{event_kind::found, event_kind::gone, event_kind::gone}),
               per_element());
}

// Or it would take that for a pause of its own, and wait for others the longer.
BOOST_AUTO_TEST_CASE(whoever_listens_from_now_on_is_not_late_for_what_it_has_planned)
{
    settle_in();
    chart(stranger(1));
    heart.listen_only(now);
    pass(48s);
    BOOST_TEST(heart.describe(1).has_value());
    pass(5s);
    BOOST_TEST(!heart.describe(1).has_value());
}

BOOST_AUTO_TEST_CASE(on_a_link_that_comes_later_it_notices_who_is_there_no_more)
{
    heart.listen_only(now);
    heart.set_links({on(3), on(4)}, now);
    stranger other(9);
    other.link = 4;
    hear(other, message_type::hello);
    pass(40s);
    BOOST_TEST(heart.describe(9).has_value());
    pass(15s);
    BOOST_TEST(!heart.describe(9).has_value());
    BOOST_TEST(sent().empty());
}

BOOST_AUTO_TEST_SUITE_END()
