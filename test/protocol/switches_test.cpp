// SPDX-License-Identifier: BSL-1.0
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

// What an application switches while its chart runs, and a machine that has slept.

using namespace rollcast;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using test::lone_engine;
using test::simulated_network;
using test::stranger;
using kinds = std::vector<event_kind>;

BOOST_AUTO_TEST_SUITE(chart_switches)

BOOST_AUTO_TEST_CASE(who_does_not_reply_neither_welcomes_nor_compares_but_shows_that_it_lives)
{
    lone_engine chart;
    chart.settle_in();
    stranger const other(9);
    chart.chart(other);
    chart.heart.reply(false);
    stranger newcomer(10);
    newcomer.source.port(40010);
    chart.hear_attempt(newcomer, 3);
    BOOST_TEST(chart.sent(message_type::ack).empty());
    std::array<std::byte, 4 * announce::bucket_count> buckets{};
    announcement pull;
    pull.summary = summary{};
    pull.buckets = buckets;
    pull.echo = chart.heart.segments().front()->own_voice().cookie(other.source, chart.now);
    chart.hear(other, message_type::pull, pull);
    BOOST_TEST(chart.sent(message_type::records).empty());
    chart.hear(other, message_type::ping);
    BOOST_TEST(chart.sent(message_type::ack).size() == 1U);
    chart.heart.reply(true);
    chart.hear(other, message_type::pull, pull);
    BOOST_TEST(chart.sent(message_type::records).size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_withdraws_says_goodbye_three_times_and_then_nothing)
{
    lone_engine chart;
    chart.settle_in();
    stranger const other(9);
    chart.chart(other);
    chart.heart.announce(false, chart.now);
    chart.pass(1s);
    auto const said = lone_engine::types(chart.sent());
    BOOST_TEST(said == std::vector<message_type>(3, message_type::bye), per_element());
    chart.pass_with(other, 30s);
    BOOST_TEST(chart.sent().empty());
    BOOST_TEST(chart.heart.size() == 2U);
    auto const before = chart.heart.own().incarnation;
    chart.heart.announce(true, chart.now);
    chart.pass(1s);
    BOOST_TEST(chart.heart.own().incarnation > before);
    BOOST_TEST(!chart.sent(message_type::hello).empty());
}

BOOST_AUTO_TEST_CASE(who_leaves_says_so_at_once)
{
    lone_engine chart;
    chart.settle_in();
    chart.chart(stranger(9));
    chart.heart.leave(chart.now);
    auto const said = lone_engine::types(chart.sent());
    BOOST_TEST(said == std::vector{message_type::bye}, per_element());
}

// Whatever is called makes something due, and being late with it is a sign of one's own trouble.
BOOST_AUTO_TEST_CASE(who_is_called_too_late_after_whatever_is_slow)
{
    using call = void (*)(lone_engine&);
    for (auto const begin : {call([](lone_engine& one) { one.heart.start(one.now); }),
                             call([](lone_engine& one) { one.heart.start_settled(one.now); }),
                             call([](lone_engine& one) { one.heart.observe(one.now); })}) {
        lone_engine chart;
        begin(chart);
        chart.now += 20s;
        chart.heart.advance(chart.now);
        BOOST_TEST(chart.own_summary().health == 2U);
    }
    lone_engine chart;
    chart.settle_in();
    chart.pass(1min);
    while (*chart.heart.next_deadline() - chart.now < 2200ms)
        chart.pass(*chart.heart.next_deadline() - chart.now + 1ms);
    chart.heart.discover(chart.now);
    chart.now += 2s;
    announcement says;
    says.observer = true;
    says.attempt = 1;
    chart.hear(stranger(9), message_type::query, says); // which is called too late as well
    BOOST_TEST(chart.own_summary().health == 2U);
    chart.now += 2s;
    chart.heart.advance(chart.now);
    BOOST_TEST(chart.own_summary().health == 3U);
}

BOOST_AUTO_TEST_CASE(who_discovers_anew_asks_on_the_links_that_are_there)
{
    lone_engine chart;
    chart.heart.set_links({lone_engine::on(3), lone_engine::on(4)}, chart.now);
    chart.settle_in();
    chart.heart.set_links({lone_engine::on(3)}, chart.now);
    chart.pass(1s);
    chart.sent();
    chart.heart.discover(chart.now);
    chart.pass(1s);
    std::vector<int> attempts;
    for (auto const& each : chart.sent(message_type::hello)) {
        BOOST_TEST(each.how.link == 3U);
        attempts.push_back(each.what.attempt);
    }
    BOOST_TEST(attempts == (std::vector{1, 2, 3}), per_element());
}

BOOST_AUTO_TEST_CASE(who_only_listens_is_not_made_to_speak)
{
    lone_engine chart;
    chart.heart.listen_only(chart.now);
    for (bool const on : {true, false, true}) {
        chart.heart.announce(on, chart.now);
        chart.heart.discover(chart.now);
        chart.heart.wake_up(5s, chart.now);
        chart.pass(1s);
    }
    BOOST_TEST(chart.sent().empty());
}

BOOST_AUTO_TEST_CASE(who_leaves_for_good_while_it_withdraws_does_not_come_back)
{
    lone_engine chart;
    chart.settle_in();
    chart.heart.announce(false, chart.now);
    chart.heart.leave(chart.now);
    chart.heart.announce(true, chart.now);
    chart.pass(10s);
    for (auto const type : lone_engine::types(chart.sent()))
        BOOST_TEST((type == message_type::bye));
}

BOOST_AUTO_TEST_CASE(others_see_one_who_withdraws_leave_and_come_again)
{
    test::test_seed const seed(750);
    simulated_network net(seed);
    net.add_segment({.loss = 0.3});
    net.add_many(5, {});
    net.start_all();
    net.run_for(10s);
    auto const before = net.now();
    auto const incarnation = net.engine(2).own().incarnation;
    net.announce(2, false);
    net.run_for(20s);
    net.announce(2, true);
    BOOST_TEST(net.run_until([&] { return net.all_know_all(); }, 3s));
    BOOST_TEST(net.run_until([&] { return net.all_agree(0); }, 3s)); // so that nobody asks any more
    BOOST_TEST(net.engine(2).own().incarnation == incarnation + 1); // nothing had to be objected to
    for (std::size_t const who : {0U, 1U, 3U, 4U})
        BOOST_TEST(net.told(who, net.id(2), before) == (kinds{event_kind::left, event_kind::found}),
                   per_element());
}

BOOST_AUTO_TEST_CASE(a_machine_that_has_slept_asks_anew_and_accuses_nobody)
{
    lone_engine chart;
    chart.settle_in();
    stranger const other(9);
    chart.chart(other);
    // Its clock has stood still: nothing is late.
    chart.heart.wake_up(5s, chart.now);
    chart.pass(200ms);
    auto const hellos = chart.sent(message_type::hello);
    BOOST_TEST_REQUIRE(hellos.size() == 3U);
    BOOST_TEST((hellos.front().what.attempt == 1));
    BOOST_TEST(chart.news().empty());
}

/// Nobody remembers any more who has ended meanwhile.
BOOST_AUTO_TEST_CASE(after_a_long_sleep_all_who_may_have_died_are_asked)
{
    auto const asked = [](std::chrono::seconds slept) {
        lone_engine chart;
        chart.settle_in();
        for (std::uint64_t other = 2; other < 10; ++other) // more than it watches
            chart.chart(stranger(other));
        chart.heart.wake_up(slept, chart.now);
        chart.pass(800ms);
        return chart.sent(message_type::ping).size();
    };
    BOOST_TEST(asked(200s) > asked(5s));
}

BOOST_AUTO_TEST_SUITE_END()
