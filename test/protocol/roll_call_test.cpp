// SPDX-License-Identifier: BSL-1.0
#include "protocol/roll_call.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::roll_call;

namespace {

/// Ten members with a detection time of 10 s, which are remembered for 100 s after their end.
struct roll {
    static constexpr auto beat = 2s;

    roll()
    {
        for (std::uint64_t id = 1; id <= 10; ++id) {
            auto const who = test::stranger(id).as_member();
            known.learn(who->who(), who->record(), {detail::channel::records, true, true}, now);
        }
        now += 1h;
    }

    /// How many are called in each turn.
    std::vector<std::size_t> call_all()
    {
        std::vector<std::size_t> turns;
        while (auto const due = call.next_deadline()) {
            BOOST_TEST_REQUIRE(turns.size() < 100);
            BOOST_TEST(call.take_due(beat, *due - 1ms).empty());
            now = std::max(now, *due);
            auto const called = call.take_due(beat, now);
            for (auto const& each : called)
                BOOST_TEST(ids.insert(each->who().id).second);
            turns.push_back(called.size());
        }
        return turns;
    }

    test::room_for_all const room{};
    detail::time_point now{24h};
    detail::registry known{group_key(), nullptr, room, now};
    roll_call call{known};
    std::set<std::uint64_t> ids;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_roll_call, roll)

BOOST_AUTO_TEST_CASE(after_a_pause_in_which_ends_are_forgotten_all_are_called_four_at_a_time)
{
    auto const begun = now;
    call.begin(101s, now);
    auto const turns = call_all();
    BOOST_TEST(turns == (std::vector<std::size_t>{4, 4, 2}), boost::test_tools::per_element());
    BOOST_TEST(ids.size() == 10U);
    BOOST_TEST((now - begun == 500ms));
}

BOOST_AUTO_TEST_CASE(after_a_pause_in_which_ends_are_remembered_nobody_is_called)
{
    call.begin(100s, now);
    BOOST_TEST(call_all().empty());
}

BOOST_AUTO_TEST_CASE(whoever_has_been_heard_since_is_not_called)
{
    call.begin(101s, now);
    now += 400ms; // what arrives now may have waited since before
    known.hear(test::stranger(1).who, true, now);
    now += 200ms;
    known.hear(test::stranger(2).who, true, now);
    call_all();
    BOOST_TEST(ids.contains(1));
    BOOST_TEST(!ids.contains(2));
    BOOST_TEST(ids.size() == 9U);
}

BOOST_AUTO_TEST_CASE(a_short_pause_meanwhile_does_not_end_the_call)
{
    call.begin(101s, now);
    call.begin(1s, now);
    call_all();
    BOOST_TEST(ids.size() == 10U);
}

BOOST_AUTO_TEST_SUITE_END()
