// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

// What one does where others say that it is no more.

using namespace rollcast;
using namespace std::chrono_literals;
using test::lone_engine;
using test::on_its_own_host;

BOOST_FIXTURE_TEST_SUITE(chart_engine_rivals, lone_engine)

BOOST_AUTO_TEST_CASE(after_six_objections_the_next_one_is_put_off_and_not_forgotten)
{
    settle_in();
    auto const before = heart.own().incarnation;
    for (int i = 0; i < 6; ++i) {
        hear_about(on_its_own_host(9), message_type::suspect, heart.own());
        pass(160ms);
    }
    BOOST_TEST(heart.own().incarnation == before + 6);
    sent();
    hear_about(on_its_own_host(9), message_type::suspect, heart.own());
    pass(500ms);
    BOOST_TEST(heart.own().incarnation == before + 6);
    BOOST_TEST(sent(message_type::hello).empty());
    pass(2s);
    BOOST_TEST(heart.own().incarnation == before + 7);
    BOOST_TEST(sent(message_type::hello).size() == 3U);
}

// Whatever is said in its name may only be a repetition of what it has said.
BOOST_AUTO_TEST_CASE(a_life_of_the_own_id_that_has_ended_as_others_say_is_a_rival_once_it_answers)
{
    settle_in();
    pass(20s);
    auto const rival = on_its_own_host(7, 9);
    auto const ended = test::list_of(ended_member{rival.who, false, 1min});
    announcement says;
    says.ended = wire_list<ended_member>(ended);
    hear(on_its_own_host(9), message_type::hello);
    hear_proof(on_its_own_host(9));
    hear(on_its_own_host(9), message_type::digest, says);
    pass(20s);
    news();
    sent();
    hear(rival, message_type::hello);
    BOOST_TEST(news().empty());
    auto const asked = sent(message_type::ping);
    BOOST_TEST_REQUIRE(asked.size() == 1U);
    BOOST_TEST((asked[0].how.to == rival.source));
    hear_proof(rival);
    BOOST_TEST(news() == std::vector{event_kind::id_conflict}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
