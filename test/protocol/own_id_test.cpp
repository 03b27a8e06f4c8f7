// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

// What an instance does where another life has its id, or where its own words come back to it.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::detection_time;
using test::lone_engine;
using test::stranger;
using kinds = std::vector<event_kind>;

namespace {

/// It has been there for a while, so that nothing it said at its start is under way.
struct settled_one : lone_engine {
    settled_one()
    {
        settle_in();
        pass(20s);
        heart.take_outgoing();
        later.who.incarnation = 5000;
        earlier.who.incarnation = 1;
    }

    std::size_t hellos_within(detail::duration how_long)
    {
        pass(how_long);
        return sent(message_type::hello).size();
    }

    stranger later{7, 99};
    stranger earlier{7, 98};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_own_id, settled_one)

BOOST_AUTO_TEST_CASE(whoever_goes_on_in_its_id_is_objected_to_once_in_its_detection_time)
{
    for (auto const type : {message_type::beat, message_type::digest}) {
        hear(later, type);
        BOOST_TEST(hellos_within(1s) == 3U);
        for (int second = 1; second < 9; ++second) {
            hear(later, type);
            BOOST_TEST(hellos_within(1s) == 0U);
        }
        pass(1s);
    }
    BOOST_TEST(news().empty()); // it claims nothing
}

BOOST_AUTO_TEST_CASE(each_goodbye_in_its_id_is_objected_to)
{
    for (int time = 0; time < 4; ++time) {
        hear(later, message_type::bye);
        BOOST_TEST(hellos_within(1s) == 3U);
    }
}

// Which the other one would have by then.
BOOST_AUTO_TEST_CASE(a_claim_of_its_id_is_objected_to_at_once_whatever_was_objected_to_before)
{
    for (int time = 0; time < 6; ++time) {
        hear(earlier, message_type::bye);
        BOOST_TEST(hellos_within(200ms) == 3U);
    }
    hear(earlier, message_type::bye); // one too many
    BOOST_TEST(hellos_within(200ms) == 0U);
    hear(later, message_type::hello);
    BOOST_TEST(hellos_within(100ms) != 0U);
}

BOOST_AUTO_TEST_CASE(the_last_sixteen_earlier_lives_are_known_to_have_been_objected_to)
{
    auto const hear_life = [&](std::uint8_t life) {
        earlier.who.life.bytes[0] = life;
        hear(earlier, message_type::hello);
        return hellos_within(200ms);
    };
    for (std::uint8_t life = 100; life < 117; ++life)
        BOOST_TEST(hear_life(life) == 3U);
    for (std::uint8_t life = 101; life < 117; ++life)
        BOOST_TEST(hear_life(life) == 0U);
    BOOST_TEST(hear_life(100) == 3U);
}

BOOST_AUTO_TEST_CASE(another_earlier_life_at_the_start_is_asked_for_once_its_own_must_have_ended)
{
    for (bool const claimed : {true, false}) {
        lone_engine chart;
        chart.heart.start(chart.now);
        chart.pass(100ms);
        if (claimed)
            chart.hear(earlier, message_type::hello);
        chart.pass(200ms);
        chart.heart.take_outgoing();
        chart.pass(300ms);
        BOOST_TEST(chart.sent(message_type::hello).size() == (claimed ? 3U : 0U));
        BOOST_TEST(chart.news().empty());
    }
}

// Whoever hears it on both would never agree with it otherwise.
BOOST_AUTO_TEST_CASE(its_own_later_word_from_another_link_is_said_on_this_one_as_well)
{
    heart.set_links({on(3), on(4)}, now);
    pass(10s);
    heart.take_outgoing();
    auto const before = announce::unpack(heart.own_view(3)).sequence;
    heart.set_links({on(3), on(4, {{asio::ip::make_address("10.0.0.8"), 24}})}, now);
    pass(10ms);
    auto const said = sent(message_type::hello);
    BOOST_TEST_REQUIRE(said.size() == 1U);
    BOOST_TEST_REQUIRE(said.front().how.link == 4U);
    detail::endpoint const ours{asio::ip::make_address("10.0.0.8"), 40007};
    heart.receive(said.front().how.bytes, {3, ours, true}, now);
    pass(1s);
    std::size_t repeated = 0;
    for (auto const& each : sent(message_type::hello))
        if (each.how.link == 3) {
            ++repeated;
            BOOST_TEST(each.what.record->sequence == before + 1);
        }
    BOOST_TEST(repeated == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
