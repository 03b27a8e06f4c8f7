// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <malloc.h>

// What is said and remembered of a link that is gone, and forgotten in time.

using namespace rollcast;
using namespace std::chrono_literals;
using test::beat_interval;
using test::detection_time;
using test::lone_engine;
using test::stranger;

namespace {

detail::link elsewhere(unsigned index)
{
    return lone_engine::on(index, {{asio::ip::make_address("10.9.0.7"), 24}});
}

/// On links 3 and 4 somebody is known.
struct known_on_two : lone_engine {
    known_on_two()
    {
        heart.set_links({on(3), on(4)}, now);
        settle_in();
        chart(other);
        there.link = 4;
        chart(there);
    }

    /// What the hellos on link 3 say of links that are lost.
    std::vector<record> losses_told()
    {
        std::vector<record> all;
        for (auto const& each : sent(message_type::hello))
            for (auto const& lost : each.what.members)
                if (each.how.link == 3)
                    all.push_back(announce::unpack(lost.record));
        return all;
    }

    stranger other{9};
    stranger there{9};
};

/// Of a detection time of one second, so that ten of them are few words.
struct hasty : lone_engine {
    hasty() : lone_engine(4096, 1s) { settle_in(); }

    /// Another link comes, and is forgotten after it has gone.
    void use_for_once(unsigned index)
    {
        heart.set_links({on(3), on(index)}, now);
        pass(200ms);
        heart.set_links({on(3)}, now);
        heart.take_outgoing();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chart_lost_links)

BOOST_FIXTURE_TEST_CASE(a_link_that_is_lost_is_told_with_its_beat_interval, known_on_two)
{
    heart.set_links({on(3)}, now);
    pass(1s);
    auto const told = losses_told();
    BOOST_TEST_REQUIRE(told.size() == 3U);
    for (auto const& each : told) {
        BOOST_TEST((each.beat_interval == beat_interval));
        BOOST_TEST(each.unicast_port_v4 == 40007);
    }
}

BOOST_FIXTURE_TEST_CASE(a_link_that_is_back_is_told_to_be_lost_no_more, known_on_two)
{
    heart.set_links({on(3)}, now);
    pass(1s);
    heart.take_outgoing();
    heart.set_links({on(3), on(4)}, now);
    (void)heart.update(test::bytes_of("new"), now);
    pass(1s);
    BOOST_TEST(losses_told().empty());
}

BOOST_FIXTURE_TEST_CASE(a_link_is_remembered_for_ten_detection_times, lone_engine)
{
    settle_in();
    heart.set_links({}, now);
    pass(10 * detection_time - 1ms);
    BOOST_TEST(heart.segments().size() == 1U);
    pass(1ms);
    BOOST_TEST(heart.segments().empty());
}

// Interfaces may come and go, each with a number of its own, as long as a machine runs.
BOOST_FIXTURE_TEST_CASE(links_without_end_leave_bounded_traces, hasty)
{
    unsigned index = 10;
    for (; index < 100; ++index)
        use_for_once(index);
    pass(11s);
    auto const before = mallinfo2().uordblks;
    for (; index < 1100; ++index) {
        use_for_once(index);
        heart.take_events();
    }
    pass(11s);
    BOOST_TEST(heart.segments().size() == 1U);
    BOOST_TEST(mallinfo2().uordblks < before + 20'000);
}

// It may lead to another wire now.
BOOST_FIXTURE_TEST_CASE(a_link_that_comes_back_after_it_was_forgotten_relies_on_no_other_one, hasty)
{
    heart.set_links({on(3), on(4)}, now);
    stranger other(9);
    chart(other);
    auto there = other;
    there.link = 4;
    chart(there);
    (void)heart.update(test::bytes_of("new"), now);
    pass(1ms);
    auto const said = heart.take_outgoing();
    auto const hello = std::ranges::find_if(
        said, [](detail::outgoing const& each) { return !each.to && each.link == 3; });
    BOOST_TEST_REQUIRE((hello != said.end()));
    detail::endpoint const ours{asio::ip::make_address("10.0.0.7"), 40007};
    heart.receive(hello->bytes, {4, ours, true}, now);
    heart.advance(now);
    BOOST_TEST_REQUIRE((heart.segments().back()->relies_on() == 3U));
    heart.set_links({on(3)}, now);
    pass_with(other, 10s);
    BOOST_TEST_REQUIRE(heart.segments().size() == 1U);
    heart.set_links({on(3), elsewhere(4)}, now);
    hear(there, message_type::hello);
    pass(1ms);
    BOOST_TEST(!heart.segments().back()->relies_on().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
