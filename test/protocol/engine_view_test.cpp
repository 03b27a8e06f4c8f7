// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

// What the application is told of others.

using namespace rollcast;
using namespace std::chrono_literals;
using test::lone_engine;
using test::on_its_own_host;

BOOST_FIXTURE_TEST_SUITE(chart_engine_view, lone_engine)

BOOST_AUTO_TEST_CASE(an_event_tells_since_when_and_until_when_an_instance_was_heard)
{
    settle_in();
    auto other = on_its_own_host(9);
    auto const first_heard = now;
    chart(other);
    pass_with(other, 10s);
    ++other.record.sequence;
    other.record.service_ports = {1};
    hear(other, message_type::hello);
    auto const last_heard = now;
    pass(20s);
    auto const told = heart.take_events();
    BOOST_TEST_REQUIRE(told.size() == 3U);
    BOOST_TEST((told[0].kind == event_kind::updated));
    BOOST_TEST((told[1].kind == event_kind::suspect));
    BOOST_TEST((told[2].kind == event_kind::gone));
    for (auto const& each : told) {
        BOOST_TEST((each.who.first_heard == first_heard));
        BOOST_TEST((each.who.last_heard == last_heard));
        BOOST_TEST((each.who.addresses == other.record.addresses)); // of those gone as well
    }
}

BOOST_AUTO_TEST_CASE(whoever_comes_and_goes_in_one_datagram_was_heard_at_that_moment)
{
    settle_in();
    pass(10s);
    hear(on_its_own_host(9), message_type::hello);
    hear(on_its_own_host(9), message_type::bye);
    for (auto const& each : heart.take_events()) {
        BOOST_TEST((each.who.first_heard == now));
        BOOST_TEST((each.who.last_heard == now));
    }
}

BOOST_AUTO_TEST_SUITE_END()
