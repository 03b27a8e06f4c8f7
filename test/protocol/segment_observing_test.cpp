// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_times.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

// What one does on a link as an observer, and for one.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::lone_engine;
using test::on_its_own_host;
using test::stranger;

namespace {

struct onlooker : lone_engine {
    onlooker() { heart.observe(now); }

    /// When it asks everybody with this attempt, in the time that passes.
    std::vector<detail::time_point> queries(std::uint8_t attempt, detail::duration how_long)
    {
        std::vector<detail::time_point> times;
        for (auto const end = now + how_long; now < end; pass(1ms))
            for (auto const& each : sent(message_type::query))
                if (each.what.attempt == attempt)
                    times.push_back(now);
        return times;
    }

    /// Another observer asks all the time; how often that is answered by a query that asks nothing.
    std::size_t answers_to_a_fellow(detail::duration how_long)
    {
        announcement says;
        says.observer = true;
        says.attempt = 1;
        std::size_t times = 0;
        for (auto const end = now + how_long; now < end; pass(50ms)) {
            hear(on_its_own_host(20), message_type::query, says);
            for (auto const& each : sent(message_type::query))
                times += each.what.attempt == 0;
        }
        return times;
    }

    detail::registry const& known() const { return heart.segments().front()->known(); }
};

/// One that is made to look on, and knows of backup ports.
struct observer_of_ports {
    observer_of_ports() { heart.set_links({lone_engine::on(3)}, now); }

    static detail::engine_config configured()
    {
        detail::engine_config config;
        config.own = {7, {{7}}, 1000};
        config.discovery_port = 8080;
        config.known_ports = {8080, 8081, 8082};
        config.detection_time = std::chrono::seconds(10);
        config.max_instances = 100;
        config.observer = true;
        config.seed = 1;
        return config;
    }

    void pass(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; now += 1ms) {
            heart.advance(now);
            for (auto const& each : heart.take_outgoing()) {
                auto const said = announce::decode(each.bytes, group_key()).value();
                if (said.type != message_type::query)
                    continue;
                calls += said.attempt == 3;
                ports[said.attempt].insert(each.ports.begin(), each.ports.end());
            }
        }
    }

    detail::time_point now{24h};
    detail::engine heart{configured()};
    std::size_t calls = 0; ///< Queries to everybody everywhere.
    std::map<int, std::set<net::port_type>> ports;
};

/// It watches the one, and the other one speaks.
struct onlooker_of_two : onlooker {
    onlooker_of_two()
    {
        for (auto const* each : {&watched, &other})
            chart(*each);
    }

    static std::uint64_t place_before_us(stranger const& who)
    {
        group_key const key{};
        return detail::ring_position(7, key) - detail::ring_position(who.who.id, key);
    }

    static stranger one(bool nearer)
    {
        auto const a = on_its_own_host(9);
        auto const b = on_its_own_host(10);
        return (place_before_us(a) < place_before_us(b)) == nearer ? a : b;
    }

    void pass_with_other(detail::duration how_long)
    {
        for (auto const end = now + how_long; now < end; pass(500ms))
            hear(other, message_type::digest);
    }

    stranger const watched = one(true);
    stranger const other = one(false);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_segment_observing, onlooker)

// A quarter later each time, beginning with 0.2 s, until it asks every 16 s.
BOOST_AUTO_TEST_CASE(as_long_as_it_knows_nobody_it_asks_again_and_again_and_ever_later)
{
    pass(1s);
    auto const soon = queries(3, 63s).size();
    BOOST_TEST(soon >= 17U);
    BOOST_TEST(soon <= 26U);
    pass(5min);
    sent();
    auto const later = queries(3, 160s).size();
    BOOST_TEST(later >= 9U);
    BOOST_TEST(later <= 11U);
}

BOOST_AUTO_TEST_CASE(whoever_was_a_member_and_knows_nobody_asks_as_if_it_had_just_begun)
{
    observer_of_ports chart;
    chart.heart.observe(chart.now);
    chart.heart.announce(true, chart.now);
    chart.pass(1min);
    chart.heart.announce(false, chart.now);
    chart.pass(1s);
    chart.calls = 0;
    chart.pass(10s);
    BOOST_TEST(chart.calls >= 5U);
}

BOOST_AUTO_TEST_CASE(its_third_question_goes_to_all_backup_ports)
{
    observer_of_ports chart;
    chart.heart.observe(chart.now);
    chart.pass(1s);
    BOOST_TEST(chart.ports[1].empty());
    BOOST_TEST(chart.ports[2].empty());
    BOOST_TEST(chart.ports[3] == (std::set<net::port_type>{8081, 8082}), per_element());
}

BOOST_AUTO_TEST_CASE(
    who_has_no_postage_left_to_ask_a_member_asks_all_every_three_tenths_of_a_second)
{
    pass(5min);
    heart.take_outgoing();
    announcement says;
    says.summary = summary{5, {1, 2}, 1};
    std::vector<detail::time_point> times;
    detail::time_point asked = now - 200ms;
    for (std::uint64_t id = 1000; id < 1100;) {
        if (now - asked == 200ms) // in vain, and the next question is not paid for
            hear(on_its_own_host(id++), message_type::digest, says);
        pass(1ms);
        for (auto const& each : sent()) {
            if (each.what.type == message_type::ping)
                asked = now;
            else if (each.what.attempt == 2)
                times.push_back(now);
        }
    }
    BOOST_TEST_REQUIRE(times.size() >= 3U);
    auto shortest = detail::duration::max();
    for (std::size_t nth = 1; nth < times.size(); ++nth)
        shortest = std::min(shortest, times[nth] - times[nth - 1]);
    BOOST_TEST((shortest >= 300ms));
    BOOST_TEST((shortest <= 301ms));
    pass(1s);
    sent();
    BOOST_TEST(queries(2, 5s).empty()); // there is nothing more to ask for
}

BOOST_AUTO_TEST_CASE(two_that_know_nobody_tell_each_other_once_a_second)
{
    pass(5min);
    heart.take_outgoing();
    auto const answers = answers_to_a_fellow(10s);
    BOOST_TEST(answers >= 8U);
    BOOST_TEST(answers <= 10U);
}

BOOST_FIXTURE_TEST_CASE(a_member_that_is_silent_is_suspected_and_gone_for_good, onlooker_of_two)
{
    pass_with_other(20s);
    BOOST_TEST(news() == (std::vector{event_kind::suspect, event_kind::gone}), per_element());
    BOOST_TEST(!heart.describe(watched.who.id).has_value());
    auto const* trace = known().dead().find(watched.who.id);
    BOOST_TEST_REQUIRE(trace != nullptr);
    BOOST_TEST(!trace->assumed);
}

BOOST_FIXTURE_TEST_CASE(where_nobody_is_heard_it_only_assumes_that_members_are_gone,
                        onlooker_of_two)
{
    pass(20s);
    for (auto const* each : {&watched, &other}) {
        auto const* trace = known().dead().find(each->who.id);
        BOOST_TEST_REQUIRE(trace != nullptr);
        BOOST_TEST(trace->assumed);
    }
}

BOOST_FIXTURE_TEST_CASE(that_nothing_is_heard_that_is_said_to_all_is_told, onlooker_of_two)
{
    hear(other, message_type::digest);
    for (auto const end = now + 127s; now < end; pass(500ms))
        for (auto const* each : {&watched, &other})
            hear(*each, message_type::beat);
    BOOST_TEST(news().empty());
    for (auto const end = now + 4s; now < end; pass(500ms))
        for (auto const* each : {&watched, &other})
            hear(*each, message_type::beat);
    BOOST_TEST(news() == std::vector{event_kind::multicast_lost}, per_element());
}

BOOST_AUTO_TEST_CASE(a_member_that_is_heard_and_answers_nothing_is_set_aside)
{
    auto const other = on_its_own_host(9);
    hear(other, message_type::hello);
    for (auto const end = now + 1min; now < end; pass(6s))
        hear(other, message_type::digest);
    BOOST_TEST(known().members().find(9)->is_aside());
    BOOST_TEST(heart.describe(9).has_value());
}

BOOST_AUTO_TEST_CASE(where_there_is_no_room_it_asks_who_has_shown_nothing)
{
    lone_engine chart(16);
    chart.heart.observe(chart.now);
    for (std::uint64_t id = 100; id < 105; ++id) {
        chart.hear(on_its_own_host(id), message_type::hello);
        for (int i = 0; i < 10; ++i) // which pays for the questions
            chart.hear(on_its_own_host(id), message_type::digest);
    }
    chart.pass(1500ms);
    chart.heart.take_outgoing();
    chart.pass(700ms);
    BOOST_TEST(chart.heart.size() == 0U);
}

BOOST_AUTO_TEST_CASE(it_finds_out_at_which_addresses_members_are_reached)
{
    auto other = on_its_own_host(9); // that speaks from another subnet than ours
    other.source.address(asio::ip::make_address("10.5.0.9"));
    other.record.addresses = {asio::ip::make_address("10.0.0.10"), other.source.address()};
    hear(other, message_type::hello);
    hear_proof(other);
    std::set<asio::ip::address> asked;
    for (auto const end = now + 10s; now < end; pass(500ms)) {
        hear(other, message_type::digest);
        for (auto const& each : sent(message_type::ping))
            asked.insert(each.how.to->address());
    }
    BOOST_TEST(asked.contains(other.record.addresses.front()));
}

BOOST_AUTO_TEST_CASE(an_observer_is_answered_from_the_address_that_it_has_asked)
{
    lone_engine chart;
    chart.settle_in();
    announcement says;
    says.observer = true;
    auto const ours = asio::ip::make_address("10.0.0.7");
    auto const asker = on_its_own_host(9);
    chart.heart.receive(asker.datagram(message_type::ping, says), {3, asker.source, false, ours},
                        chart.now);
    auto const answers = chart.sent(message_type::ack);
    BOOST_TEST_REQUIRE(answers.size() == 1U);
    BOOST_TEST(answers[0].how.from == ours);
}

BOOST_AUTO_TEST_SUITE_END()
