// SPDX-License-Identifier: BSL-1.0
#include "protocol/probation.hpp"
#include "support/sim_lone_engine.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <vector>

// Who is tested where others had to be turned away.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using ids = std::vector<std::uint64_t>;

namespace {

/// Where there is room until the test says otherwise.
struct crowded_room final : detail::census {
    bool has_room(std::uint64_t, bool) const override { return !is_full; }
    bool is_full = false;
};

/// Six that have proven nothing, and one that has.
struct crowd_of_seven {
    crowd_of_seven()
    {
        for (std::uint64_t id = 1; id <= 7; ++id)
            learn(id, id == 7);
    }

    detail::registry::verdict learn(std::uint64_t id, bool proven = false, std::uint8_t life = 1)
    {
        auto const who = test::stranger(id, life).as_member();
        return known.learn(who->who(), who->record(), {detail::channel::hello, proven}, now);
    }

    void turn_somebody_away()
    {
        room.is_full = true;
        learn(99);
        room.is_full = false;
    }

    ids pinged()
    {
        ids all;
        for (auto const& each : tests.advance(now).to_ping)
            all.push_back(each->who().id);
        return all;
    }

    /// When this one is pinged and when it has failed, each whenever something is due.
    std::vector<std::chrono::milliseconds> tested_at(std::uint64_t id)
    {
        std::vector<std::chrono::milliseconds> all;
        auto const begun = now;
        auto const is_it = [&](auto const& each) { return each->who().id == id; };
        for (auto due = tests.next_deadline(); due && *due < begun + 5s;
             due = tests.next_deadline()) {
            now = std::max(now, *due);
            auto const result = tests.advance(now);
            auto const after = std::chrono::duration_cast<std::chrono::milliseconds>(now - begun);
            if (std::ranges::any_of(result.to_ping, is_it))
                all.push_back(after);
            if (std::ranges::any_of(result.failed, is_it))
                all.push_back(-after);
            for (auto const& each : result.failed)
                known.forget(each->who().id);
        }
        return all;
    }

    crowded_room room;
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    detail::probation tests{known};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_probation, crowd_of_seven)

BOOST_AUTO_TEST_CASE(where_there_is_room_nobody_is_tested)
{
    BOOST_TEST(!tests.next_deadline().has_value());
    for (int i = 0; i < 10; ++i, now += 100ms)
        BOOST_TEST(pinged().empty());
}

BOOST_AUTO_TEST_CASE(once_anybody_is_turned_away_the_unproven_are_tested_four_in_100_ms)
{
    turn_somebody_away();
    BOOST_TEST((tests.next_deadline() == now));
    auto all = pinged();
    BOOST_TEST(all.size() == 4U);
    BOOST_TEST((tests.next_deadline() == now + 100ms));
    now += 99ms;
    BOOST_TEST(pinged().empty());
    now += 1ms;
    for (auto const each : pinged())
        all.push_back(each);
    std::ranges::sort(all);
    BOOST_TEST(all == (ids{1, 2, 3, 4, 5, 6}), per_element());
}

BOOST_AUTO_TEST_CASE(where_all_have_proven_themselves_nobody_is_tested)
{
    for (std::uint64_t id = 1; id <= 6; ++id)
        learn(id, true);
    turn_somebody_away();
    BOOST_TEST(!tests.next_deadline().has_value());
    BOOST_TEST(pinged().empty());
}

BOOST_AUTO_TEST_CASE(whoever_answers_none_of_three_pings_has_failed)
{
    turn_somebody_away();
    auto const first = pinged().front();
    using times = std::vector<std::chrono::milliseconds>;
    auto const tested = tested_at(first);
    BOOST_TEST((tested == times{500ms, 1000ms, -1500ms}));
    BOOST_TEST(known.members().size() == 1U); // the proven one
}

BOOST_AUTO_TEST_CASE(whoever_has_failed_is_pinged_no_more_whatever_becomes_of_it)
{
    turn_somebody_away();
    for (auto const end = now + 7s; now < end; now += 100ms)
        tests.advance(now);
    BOOST_TEST(pinged().empty());
    BOOST_TEST(!tests.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_proves_itself_is_tested_no_longer)
{
    turn_somebody_away();
    auto const first = pinged().front();
    learn(first, true);
    BOOST_TEST(tested_at(first).empty());
    BOOST_TEST(known.members().find(first));
}

BOOST_AUTO_TEST_CASE(whoever_is_there_in_another_life_is_tested_from_the_beginning)
{
    turn_somebody_away();
    auto const first = pinged().front();
    known.forget(first);
    learn(first, false, 2);
    now += 500ms;
    for (auto const& each : tests.advance(now).to_ping)
        if (each->who().id == first)
            BOOST_TEST(int{each->who().life.bytes[0]} == 2);
    auto const tested = tested_at(first);
    BOOST_TEST_REQUIRE(!tested.empty());
    BOOST_TEST((-tested.back() >= 1000ms));
}

BOOST_AUTO_TEST_CASE(nobody_new_is_tested_five_seconds_after_somebody_was_turned_away)
{
    turn_somebody_away();
    now += 5s - 1ms;
    BOOST_TEST(pinged().size() == 4U);
    now += 101ms;
    BOOST_TEST(pinged().empty());
    auto const last_of_four = tests.next_deadline();
    BOOST_TEST((last_of_four == now - 101ms + 500ms));
}

BOOST_AUTO_TEST_SUITE_END()
