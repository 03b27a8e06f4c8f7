// SPDX-License-Identifier: BSL-1.0
#include "protocol/accusations.hpp"
#include "support/sim_people.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using detail::accusations;
using detail::duration;
using detail::time_point;
using test::someone;
using moments = std::vector<std::chrono::milliseconds>;

namespace {

struct court {
    static constexpr auto gone = message_type::gone;
    static constexpr auto suspect = message_type::suspect;

    struct said {
        std::chrono::milliseconds after;
        accusations::batch what;
    };

    accusations pending;
    time_point const start{1h};

    void accuse(std::uint64_t id, message_type what, duration after = {})
    {
        pending.accuse(someone(id), what, start + after);
    }

    /// All that becomes due up to then, each at its own time.
    std::vector<said> until(duration end)
    {
        std::vector<said> all;
        while (pending.next_deadline() && *pending.next_deadline() - start <= end) {
            auto const now = *pending.next_deadline();
            auto batch = pending.take_due(now);
            BOOST_TEST_REQUIRE(!batch.subjects.empty());
            all.push_back({std::chrono::duration_cast<std::chrono::milliseconds>(now - start),
                           std::move(batch)});
        }
        return all;
    }

    moments times_until(duration end)
    {
        moments result;
        for (auto const& each : until(end))
            result.push_back(each.after);
        return result;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_accusations, court)

BOOST_AUTO_TEST_CASE(without_an_accusation_nothing_is_due)
{
    BOOST_TEST(!pending.next_deadline().has_value());
    BOOST_TEST(pending.take_due(start).subjects.empty());
}

BOOST_AUTO_TEST_CASE(a_suspicion_is_told_twice)
{
    accuse(1, suspect);
    BOOST_TEST(times_until(1h) == (moments{20ms, 100ms}), per_element());
    BOOST_TEST(!pending.next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(whoever_is_called_is_called_twice_and_not_any_more_once_it_is_accused)
{
    accuse(1, message_type::ping);
    BOOST_TEST(times_until(1h) == (moments{20ms, 100ms}), per_element());
    accuse(1, message_type::ping);
    accuse(1, suspect);
    for (auto const& each : until(1h))
        BOOST_TEST((each.what.what == suspect));
}

BOOST_AUTO_TEST_CASE(that_somebody_is_gone_is_told_three_times)
{
    accuse(1, gone);
    BOOST_TEST(times_until(1h) == (moments{20ms, 60ms, 140ms}), per_element());
}

BOOST_AUTO_TEST_CASE(those_accused_within_20_ms_share_a_datagram)
{
    for (std::uint64_t id = 1; id <= 20; ++id)
        accuse(id, gone, std::chrono::milliseconds(id - 1));
    auto const said = until(1h);
    BOOST_TEST(said.size() == 3U);
    for (auto const& each : said)
        BOOST_TEST(each.what.subjects.size() == 20U);
}

BOOST_AUTO_TEST_CASE(suspicions_and_ends_go_by_different_datagrams)
{
    accuse(1, suspect);
    accuse(2, gone);
    for (auto const& each : until(1h)) {
        BOOST_TEST_REQUIRE(each.what.subjects.size() == 1U);
        BOOST_TEST((each.what.what == gone) == (each.what.subjects[0].id == 2U));
    }
}

BOOST_AUTO_TEST_CASE(many_are_told_of_at_most_32_at_a_time_and_each_of_them_three_times)
{
    for (std::uint64_t id = 1; id <= 1000; ++id)
        accuse(id, gone);
    std::map<std::uint64_t, int> told;
    for (auto const& each : until(1h)) {
        BOOST_TEST(each.what.subjects.size() <= 32U);
        for (auto const& who : each.what.subjects)
            ++told[who.id];
    }
    BOOST_TEST(told.size() == 1000U);
    for (auto const& [id, times] : told)
        BOOST_TEST(times == 3);
}

BOOST_AUTO_TEST_CASE(a_withdrawn_one_is_told_no_more)
{
    accuse(1, gone);
    accuse(2, gone);
    until(50ms);
    pending.withdraw(someone(1), gone);
    for (auto const& each : until(1h)) {
        BOOST_TEST_REQUIRE(each.what.subjects.size() == 1U);
        BOOST_TEST(each.what.subjects[0].id == 2U);
    }
}

BOOST_AUTO_TEST_CASE(withdrawn_is_what_was_said_of_that_life_and_nothing_else)
{
    accuse(1, gone);
    pending.withdraw(someone(1), suspect);
    auto other_life = someone(1);
    other_life.life.bytes[0] = 2;
    pending.withdraw(other_life, gone);
    BOOST_TEST(until(1h).size() == 3U);
}

BOOST_AUTO_TEST_CASE(all_that_is_held_against_one_can_be_withdrawn)
{
    for (auto const what : {suspect, gone, message_type::ping})
        accuse(1, what);
    accuse(2, gone);
    pending.withdraw(someone(1));
    for (auto const& each : until(1h))
        BOOST_TEST(each.what.subjects[0].id == 2U);
}

BOOST_AUTO_TEST_CASE(whoever_is_gone_is_suspected_no_more)
{
    accuse(1, suspect);
    accuse(1, gone);
    for (auto const& each : until(1h))
        BOOST_TEST((each.what.what == gone));
}

BOOST_AUTO_TEST_CASE(the_same_accusation_again_is_told_from_the_beginning_but_not_twice_at_once)
{
    accuse(1, gone);
    until(60ms);
    accuse(1, gone, 60ms);
    BOOST_TEST(times_until(1h) == (moments{80ms, 120ms, 200ms}), per_element());
}

BOOST_AUTO_TEST_CASE(whoever_is_accused_of_the_same_again_is_named_once_in_a_datagram)
{
    accuse(1, gone);
    accuse(1, gone, 10ms);
    auto const said = until(1h);
    BOOST_TEST(said.size() == 3U);
    for (auto const& each : said)
        BOOST_TEST(each.what.subjects.size() == 1U);
}

BOOST_AUTO_TEST_CASE(cleared_accusations_are_forgotten)
{
    accuse(1, gone);
    accuse(2, suspect);
    pending.clear();
    BOOST_TEST(!pending.next_deadline().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
