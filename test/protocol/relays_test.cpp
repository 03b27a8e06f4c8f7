// SPDX-License-Identifier: BSL-1.0
#include "protocol/relays.hpp"
#include "support/sim_people.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;
using detail::relays;
using test::someone;

namespace {

struct messenger {
    relays waiting;
    detail::time_point const now{1h};

    void ask(identity const& who, std::uint64_t echo, detail::duration patience = 1s)
    {
        waiting.add(
            {who.id, who.life, {asio::ip::make_address("10.0.0.1"), 40000}, echo, now + patience});
    }

    /// The echoes of those who are told of this answer.
    std::vector<std::uint64_t> answered(identity const& who, detail::duration after)
    {
        std::vector<std::uint64_t> echoes;
        for (auto const& each : waiting.take(who, now + after))
            echoes.push_back(*each.echo);
        return echoes;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_relays, messenger)

BOOST_AUTO_TEST_CASE(all_who_asked_about_one_are_told_of_its_answer_once)
{
    ask(someone(1), 10);
    ask(someone(2), 20);
    ask(someone(1), 11);
    ask(someone(1, 2), 12);
    BOOST_TEST(answered(someone(1), 500ms) == (std::vector<std::uint64_t>{10, 11}),
               boost::test_tools::per_element());
    BOOST_TEST(answered(someone(1), 500ms).empty());
    BOOST_TEST(answered(someone(2), 500ms).size() == 1U);
    BOOST_TEST(answered(someone(1, 2), 500ms).size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_waited_for_too_long_is_dropped_with_the_next_answer)
{
    ask(someone(1), 10);
    ask(someone(2), 20, 2s);
    BOOST_TEST(answered(someone(2), 1s).size() == 1U);
    BOOST_TEST(answered(someone(1), 1s).empty());
}

BOOST_AUTO_TEST_CASE(there_is_room_for_32_and_again_when_they_are_answered_or_too_old)
{
    for (std::uint64_t i = 0; i < 32; ++i) {
        BOOST_TEST(waiting.has_room(now));
        ask(someone(i % 2), i);
    }
    BOOST_TEST(!waiting.has_room(now + 999ms));
    BOOST_TEST(answered(someone(0), 999ms).size() == 16U);
    BOOST_TEST(waiting.has_room(now + 999ms));
    for (std::uint64_t i = 0; i < 16; ++i)
        ask(someone(2), i);
    BOOST_TEST(!waiting.has_room(now + 999ms));
    BOOST_TEST(waiting.has_room(now + 1s));
    BOOST_TEST(answered(someone(1), 1s).empty());
}

BOOST_AUTO_TEST_SUITE_END()
