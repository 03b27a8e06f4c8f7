// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>

// Which of several links watches for the others.

using namespace rollcast;
using namespace std::chrono_literals;
using test::lone_engine;
using test::stranger;

namespace {

/// Loopback and two links on one wire, in the order in which they came, and one known on all.
struct loopback_and_wire : lone_engine {
    loopback_and_wire()
    {
        heart.set_links({on(1, {{asio::ip::make_address("127.0.0.1"), 8}}), on(4), on(3)}, now);
        settle_in();
        auto here = other;
        here.link = 1;
        here.source.address(asio::ip::make_address("127.0.0.1"));
        here.record.addresses = {here.source.address()};
        auto there = other;
        there.link = 4;
        for (auto const& each : {here, there, other})
            chart_on_its_link(each);
    }

    detail::segment& link(unsigned index) const
    {
        return **std::ranges::find(heart.segments(), index,
                                   [](auto const& each) { return each->where().index; });
    }

    void chart_on_its_link(stranger const& who)
    {
        hear(who, message_type::hello);
        announcement says;
        says.echo = link(who.link).own_voice().cookie(who.source, now);
        hear(who, message_type::ack, says);
    }

    /// What was said to all on link 3 is heard on link 4.
    void hear_ourselves()
    {
        heart.take_outgoing();
        (void)heart.update(test::bytes_of("new"), now);
        pass(1ms);
        auto const said = heart.take_outgoing();
        auto const hello = std::ranges::find_if(
            said, [](detail::outgoing const& each) { return !each.to && each.link == 3; });
        BOOST_TEST_REQUIRE((hello != said.end()));
        heart.receive(hello->bytes, {4, {asio::ip::make_address("10.0.0.7"), 40007}, true}, now);
    }

    stranger other{9};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_engine_wires, loopback_and_wire)

BOOST_AUTO_TEST_CASE(no_link_relies_on_one_that_relies_on_another_itself)
{
    hear_ourselves();
    BOOST_TEST((link(4).relies_on() == 3U));
    BOOST_TEST((link(1).relies_on() == 3U));
    BOOST_TEST(!link(3).relies_on().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
