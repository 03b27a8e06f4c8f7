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

BOOST_AUTO_TEST_SUITE_END()
