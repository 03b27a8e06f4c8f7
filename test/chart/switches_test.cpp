// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/test/unit_test.hpp>

// What a program can switch while its chart runs.

using namespace rollcast;
using namespace std::chrono_literals;
using test::on_loopback;
using test::run;

BOOST_FIXTURE_TEST_SUITE(chart_switches, test::charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(who_stops_announcing_leaves_the_charts_of_others_and_goes_on_listening)
{
    auto one = make(1);
    auto other = make(2);
    auto events = one.notify();
    auto const first = maintain(one);
    auto const second = maintain(other);
    BOOST_TEST((next_about(events, 2).kind == event_kind::found));
    wait_until_found(other, 2);
    other.announce(false);
    BOOST_TEST(!other.announcing());
    BOOST_TEST((next_about(events, 2).kind == event_kind::left));
    BOOST_TEST(other.size() == 2U);
    auto late = make(3);
    auto const third = maintain(late);
    wait_until_found(other, 3);
    BOOST_TEST(one.size() == 2U);
    other.announce(true);
    BOOST_TEST((next_about(events, 2).kind == event_kind::found));
    wait_until_found(late, 3);
    BOOST_TEST(!test::is_ready(second));
}

BOOST_AUTO_TEST_CASE(who_does_not_announce_from_the_start_is_not_charted_until_it_does)
{
    auto one = make(1);
    auto quiet = make(2);
    quiet.announce(false);
    auto const first = maintain(one);
    auto const second = maintain(quiet);
    auto last = make(3);
    auto const third = maintain(last);
    wait_until_found(quiet, 2);
    BOOST_TEST(quiet.counters().sent == 0U);
    wait_until_found(one, 2);
    BOOST_TEST(!one.find(2).has_value());
    quiet.announce(true);
    wait_until_found(one, 3);
    wait_until_found(quiet, 3);
}

BOOST_AUTO_TEST_CASE(announcing_off_and_on_at_once_loses_nobody)
{
    auto one = make(1);
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    for (int i = 0; i < 5; ++i) {
        other.announce(false);
        other.announce(true);
    }
    auto third_chart = make(3);
    auto const third = maintain(third_chart);
    wait_until_found(third_chart, 3);
    wait_until_found(one, 3);
    wait_until_found(other, 3);
}

BOOST_AUTO_TEST_CASE(without_replies_a_newcomer_is_told_by_others)
{
    auto one = make(1);
    auto other = make(2);
    one.reply(false);
    BOOST_TEST(!one.replying());
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    auto newcomer = make(3);
    auto const third = maintain(newcomer);
    wait_until_found(newcomer, 3);
}

BOOST_AUTO_TEST_CASE(discovery_finds_who_was_forgotten)
{
    auto one = make(1);
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    wait_until_found(other, 2);
    BOOST_TEST(one.forget(2));
    BOOST_TEST(one.size() == 1U);
    one.discover();
    wait_until_found(one, 2);
}

BOOST_AUTO_TEST_CASE(a_function_that_throws_about_an_interface_is_told_and_names_it)
{
    auto config = on_loopback(1);
    config.use_interface = [](net::interface_info const&) -> bool { throw 1; };
    chart lost(context.get_executor(), config);
    auto events = lost.notify();
    try {
        lost.open();
        BOOST_FAIL("it opened");
    } catch (boost::system::system_error const& failure) {
        BOOST_TEST((failure.code() == error::interface_choice_failed));
        BOOST_TEST(std::string_view(failure.what()).find("lo: ") != std::string_view::npos);
    }
    BOOST_TEST_REQUIRE(lost.obstacles().size() == 1U);
    BOOST_TEST(lost.obstacles().front().interface.name == "lo");
    auto const told = run(context, events.recv());
    BOOST_TEST((told.kind == event_kind::interface_failed));
    BOOST_TEST(told.interface.name == "lo");
    BOOST_TEST((told.why == error::interface_choice_failed));
}

BOOST_AUTO_TEST_CASE(who_sniffs_says_nothing_whatever_it_is_told)
{
    auto one = make(1);
    auto sniffer = make(2);
    auto const first = maintain(one);
    auto const second = sniffer.sniff(asio::use_future);
    wait_until_found(sniffer, 2);
    sniffer.announce(true);
    sniffer.discover();
    auto last = make(3);
    auto const third = maintain(last);
    wait_until_found(sniffer, 3);
    wait_until_found(one, 2);
    BOOST_TEST(sniffer.counters().sent == 0U);
    BOOST_TEST(!one.find(2).has_value());
}

BOOST_AUTO_TEST_CASE(headers_keep_applications_of_one_name_apart)
{
    auto config = on_loopback(3);
    config.header = 7;
    chart apart(context.get_executor(), config);
    auto friendly = config;
    friendly.id = 4;
    chart with_it(context.get_executor(), friendly);
    auto one = make(1);
    auto other = make(2);
    std::vector<std::future<void>> running;
    for (auto* each : {&one, &other, &apart, &with_it})
        running.push_back(maintain(*each));
    wait_until_found(one, 2);
    wait_until_found(apart, 2);
    BOOST_TEST(apart.find(4).has_value());
    BOOST_TEST(one.find(2).has_value());
    BOOST_TEST(one.counters().foreign + other.counters().foreign > 0U);
}

BOOST_AUTO_TEST_CASE(a_port_that_is_taken_is_given_up_for_a_backup_port)
{
    asio::ip::udp::socket owner(context, {asio::ip::udp::v4(), 8080});
    auto config = on_loopback(1);
    config.backup_ports = {61345};
    chart one(context.get_executor(), config);
    one.open();
    BOOST_TEST(one.discovery_port() == 61345);
    for (auto const& each : one.groups())
        BOOST_TEST(each.port == 61345);
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    BOOST_TEST(other.discovery_port() == 61345);
}

BOOST_AUTO_TEST_SUITE_END()
