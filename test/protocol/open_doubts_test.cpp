// SPDX-License-Identifier: BSL-1.0
#include "protocol/open_doubts.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::open_doubts;
using test::someone;

BOOST_AUTO_TEST_SUITE(chart_open_doubts)

BOOST_AUTO_TEST_CASE(a_doubt_is_due_once_and_when_its_time_has_come)
{
    open_doubts all;
    detail::time_point const now{1h};
    BOOST_TEST(!all.next_deadline().has_value());
    all.note(someone(1), now + 2s);
    all.note(someone(2), now + 1s);
    BOOST_TEST((all.next_deadline() == now + 1s));
    BOOST_TEST(!all.take_due(now + 999ms).has_value());
    BOOST_TEST((all.take_due(now + 1s) == someone(2)));
    BOOST_TEST((all.next_deadline() == now + 2s));
    BOOST_TEST((all.take_due(now + 2s) == someone(1)));
    BOOST_TEST(!all.take_due(now + 1h).has_value());
}

BOOST_AUTO_TEST_CASE(the_first_doubt_of_a_life_says_when_it_is_due)
{
    open_doubts all;
    detail::time_point const now{1h};
    all.note(someone(1), now + 1s);
    all.note(someone(1), now + 5s);
    all.note(someone(1, 2), now + 3s);
    BOOST_TEST((all.take_due(now + 1s) == someone(1)));
    BOOST_TEST(!all.take_due(now + 2s).has_value());
    BOOST_TEST((all.take_due(now + 5s) == someone(1, 2)));
    BOOST_TEST(!all.take_due(now + 5s).has_value());
}

BOOST_AUTO_TEST_CASE(not_more_than_64_are_kept)
{
    open_doubts all;
    detail::time_point const now{1h};
    for (std::uint64_t id = 0; id < 65; ++id)
        all.note(someone(id), now);
    std::size_t kept = 0;
    while (all.take_due(now))
        ++kept;
    BOOST_TEST(kept == 64U);
}

BOOST_AUTO_TEST_SUITE_END()
