// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "protocol/contests.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::contest;
using detail::contests;
using test::someone;

namespace {

struct arena {
    contests all;
    detail::time_point const now{1h};

    static detail::member_ptr challenger(std::uint64_t id, std::uint8_t life = 1)
    {
        record told;
        told.beat_interval = 2500ms;
        told.discovery_port = 8080;
        auto const packed = announce::pack(told).value();
        return detail::make_member(someone(id, life), announce::view_record(packed).value(),
                                   group_key(), nullptr);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_contests, arena)

BOOST_AUTO_TEST_CASE(the_earlier_life_is_the_older_one_and_of_equal_clocks_always_the_same)
{
    auto later = someone(1);
    later.incarnation = 1001;
    BOOST_TEST(detail::is_older(someone(1), later));
    BOOST_TEST(!detail::is_older(later, someone(1)));
    BOOST_TEST(detail::is_older(someone(1, 1), someone(1, 2)));
    BOOST_TEST(!detail::is_older(someone(1, 2), someone(1, 1)));
    BOOST_TEST(!detail::is_older(someone(1), someone(1)));
}

BOOST_AUTO_TEST_CASE(a_contest_ends_after_300_ms)
{
    BOOST_TEST(!all.next_deadline().has_value());
    BOOST_TEST(all.open(contest::kind::successor, challenger(1), now));
    BOOST_TEST((all.next_deadline() == now + 300ms));
    BOOST_TEST(!all.take_due(now + 299ms).has_value());
    BOOST_TEST(all.take_due(now + 300ms)->id() == 1U);
    BOOST_TEST(!all.take_due(now + 1h).has_value());
}

BOOST_AUTO_TEST_CASE(there_is_one_contest_for_an_id_which_a_claim_of_the_same_life_takes_over)
{
    BOOST_TEST(all.open(contest::kind::successor, challenger(1), now));
    BOOST_TEST(!all.open(contest::kind::successor, challenger(1), now + 100ms));
    BOOST_TEST(!all.open(contest::kind::claim, challenger(1, 2), now + 100ms));
    BOOST_TEST(all.open(contest::kind::claim, challenger(1), now + 100ms));
    BOOST_TEST(!all.open(contest::kind::claim, challenger(1), now + 200ms));
    BOOST_TEST((all.find(1)->what == contest::kind::claim));
    BOOST_TEST((all.next_deadline() == now + 400ms));
    BOOST_TEST(all.take(1).has_value());
    BOOST_TEST(!all.take(1).has_value());
    BOOST_TEST(!all.find(1));
}

BOOST_AUTO_TEST_CASE(not_more_than_64_are_open)
{
    for (std::uint64_t id = 0; id < 64; ++id)
        BOOST_TEST(all.open(contest::kind::claim, challenger(id), now));
    BOOST_TEST(!all.open(contest::kind::claim, challenger(64), now));
    all.take(5);
    BOOST_TEST(all.open(contest::kind::claim, challenger(64), now));
}

BOOST_AUTO_TEST_CASE(who_has_lost_is_known_until_it_is_forgotten)
{
    all.lose(someone(1), contests::loss::ended, now + 1s, now);
    BOOST_TEST(all.has_lost(someone(1)));
    BOOST_TEST(!all.has_lost(someone(1, 2)));
    BOOST_TEST(!all.has_lost(someone(2)));
    BOOST_TEST((all.find_loser(someone(1), now + 999ms)->how == contests::loss::ended));
    auto& again = all.lose(someone(1), contests::loss::alive, now + 2s, now + 500ms);
    BOOST_TEST((again.asked == now + 500ms));
    BOOST_TEST((all.find_loser(someone(1), now + 1s)->how == contests::loss::alive));
    BOOST_TEST(!all.find_loser(someone(1, 2), now + 1s));
    BOOST_TEST(!all.find_loser(someone(1), now + 2s));
    BOOST_TEST(!all.has_lost(someone(1)));
}

BOOST_AUTO_TEST_CASE(the_last_256_who_have_lost_are_known)
{
    for (std::uint64_t id = 0; id < 257; ++id)
        all.lose(someone(id), contests::loss::ended, now + 1h, now);
    BOOST_TEST(!all.has_lost(someone(0)));
    BOOST_TEST(all.has_lost(someone(1)));
    BOOST_TEST(all.has_lost(someone(256)));
}

BOOST_AUTO_TEST_SUITE_END()
