// SPDX-License-Identifier: BSL-1.0
#include "protocol/tombstones.hpp"
#include "support/sim_lone_engine.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::time_point;
using detail::tombstone;
using detail::tombstones;
using test::stranger;

namespace {

struct cemetery {
    tombstones dead;
    time_point const start{1h};

    void bury(std::uint64_t id, bool left, detail::duration kept, bool known = true)
    {
        stranger const who(id);
        dead.bury({who.who, left, start, start + kept, known ? who.as_member() : nullptr});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_tombstones, cemetery)

BOOST_AUTO_TEST_CASE(whoever_is_buried_is_found_until_erased)
{
    bury(1, true, 10s);
    BOOST_TEST_REQUIRE(dead.find(1));
    BOOST_TEST((dead.find(1)->who == stranger(1).who));
    BOOST_TEST(!dead.find(2));
    dead.erase(2);
    dead.erase(1);
    BOOST_TEST(!dead.find(1));
    BOOST_TEST(dead.size() == 0U);
    BOOST_TEST(!dead.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(each_is_kept_until_its_own_time)
{
    bury(1, true, 20s);
    bury(2, false, 10s);
    BOOST_TEST((dead.next_deadline() == start + 10s));
    dead.expire(start + 10s - 1ns);
    BOOST_TEST(dead.size() == 2U);
    dead.expire(start + 10s);
    BOOST_TEST(dead.size() == 1U);
    BOOST_TEST(!dead.find(2));
    BOOST_TEST((dead.next_deadline() == start + 20s));
    dead.expire(start + 1h);
    BOOST_TEST(dead.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_later_end_of_the_same_id_replaces_the_earlier_one)
{
    bury(1, false, 10s);
    bury(1, true, 20s);
    BOOST_TEST(dead.size() == 1U);
    BOOST_TEST(dead.gone() == 0U);
    dead.expire(start + 10s);
    BOOST_TEST(dead.find(1)->left);
    BOOST_TEST((dead.next_deadline() == start + 20s));
}

BOOST_AUTO_TEST_CASE(beyond_the_capacity_the_one_that_would_expire_first_is_dropped)
{
    for (std::uint64_t id = 1; id <= tombstones::capacity; ++id)
        bury(id, id % 2 == 0, 1s * (tombstones::capacity - id + 1));
    BOOST_TEST(dead.size() == 4096U);
    bury(tombstones::capacity + 1, true, 1h);
    BOOST_TEST(dead.size() == tombstones::capacity);
    BOOST_TEST(!dead.find(tombstones::capacity));
    BOOST_TEST(dead.find(1));
    BOOST_TEST(dead.find(tombstones::capacity + 1));
    BOOST_TEST(dead.gone() == tombstones::capacity / 2);
}

BOOST_AUTO_TEST_CASE(those_that_said_goodbye_are_not_looked_for)
{
    detail::random_source random(1);
    BOOST_TEST(!dead.any_gone(random));
    for (std::uint64_t id = 1; id <= 10; ++id)
        bury(id, true, 10s);
    BOOST_TEST(dead.gone() == 0U);
    BOOST_TEST(!dead.any_gone(random));
}

BOOST_AUTO_TEST_CASE(those_whose_address_is_not_known_cannot_be_looked_for)
{
    detail::random_source random(1);
    bury(1, false, 10s, false);
    BOOST_TEST(dead.gone() == 1U);
    BOOST_TEST(!dead.any_gone(random));
}

BOOST_AUTO_TEST_CASE(every_other_one_is_looked_for_now_and_then)
{
    detail::random_source random(1);
    std::set<std::uint64_t> lost;
    for (std::uint64_t i = 0; i < 10; ++i) {
        auto const id = random.next();
        bury(id, false, 10s);
        lost.insert(id);
        bury(random.next(), true, 10s);
        bury(random.next(), false, 10s, false);
    }
    std::set<std::uint64_t> found;
    for (int i = 0; i < 2000; ++i)
        found.insert(dead.any_gone(random)->who.id);
    BOOST_TEST((found == lost));
}

BOOST_AUTO_TEST_CASE(small_ids_are_looked_for_as_well_as_random_ones)
{
    detail::random_source random(1);
    for (std::uint64_t id = 1; id <= 10; ++id)
        bury(id, false, 10s);
    std::set<std::uint64_t> found;
    for (int i = 0; i < 1000; ++i)
        found.insert(dead.any_gone(random)->who.id);
    BOOST_TEST(found.size() == 10U);
}

BOOST_AUTO_TEST_SUITE_END()
