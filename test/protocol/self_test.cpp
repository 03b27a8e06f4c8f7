// SPDX-License-Identifier: BSL-1.0
#include "protocol/self.hpp"

#include <boost/test/unit_test.hpp>

// What all links of one instance have in common.

using namespace rollcast;
using namespace std::chrono_literals;
using detail::self_state;
using mode = self_state::mode;

namespace {

struct oneself {
    static self_state with(std::size_t max_instances, bool observer = false)
    {
        detail::engine_config config;
        config.own.id = 7;
        config.detection_time = 10s;
        config.max_instances = max_instances;
        config.observer = observer;
        return self_state(config);
    }

    self_state member = with(100);
    self_state observer = with(100, true);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_self, oneself)

BOOST_AUTO_TEST_CASE(it_speaks_while_it_announces_and_asks_while_it_observes_as_well)
{
    for (auto const each :
         {mode::idle, mode::announcing, mode::observing, mode::silent, mode::leaving, mode::left}) {
        member.now_doing = each;
        BOOST_TEST(member.may_speak() == (each == mode::announcing));
        BOOST_TEST(member.may_ask() == (each == mode::announcing || each == mode::observing));
    }
}

BOOST_AUTO_TEST_CASE(an_observer_has_no_id_that_others_could_take)
{
    BOOST_TEST(member.is_ours(7));
    BOOST_TEST(!member.is_ours(8));
    BOOST_TEST(!observer.is_ours(7));
}

BOOST_AUTO_TEST_CASE(a_quarter_of_the_room_but_four_at_least_is_for_those_who_have_proven_nothing)
{
    BOOST_TEST(with(100).most_unproven() == 25U);
    BOOST_TEST(with(20).most_unproven() == 5U);
    BOOST_TEST(with(12).most_unproven() == 4U);
    BOOST_TEST(with(1).most_unproven() == 4U);
}

BOOST_AUTO_TEST_CASE(it_beats_four_times_in_its_detection_time)
{
    BOOST_TEST((member.beat_interval() == 2500ms));
}

BOOST_AUTO_TEST_SUITE_END()
