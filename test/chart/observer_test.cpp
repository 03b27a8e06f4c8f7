// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/test/unit_test.hpp>

// Charts that look on, with real sockets. Protocol tests have what becomes of that on a network.

using namespace rollcast;
using namespace std::chrono_literals;
using test::on_loopback;
using test::run;

namespace {

chart_config observing(std::uint64_t id)
{
    auto config = on_loopback(id);
    config.observer = true;
    return config;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_observer, test::charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(an_observer_waits_for_members_and_is_none)
{
    auto one = make(1);
    auto other = make(2);
    chart onlooker(context.get_executor(), observing(3));
    BOOST_TEST(onlooker.size() == 0U);
    BOOST_TEST(!onlooker.announcing());
    BOOST_TEST(!onlooker.settled());
    auto events = one.notify();
    auto const first = maintain(one);
    auto const second = maintain(other);
    auto const third = maintain(onlooker);
    wait_until_found(onlooker, 2);
    wait_until_found(one, 2);
    BOOST_TEST(onlooker.size() == 2U);
    BOOST_TEST(onlooker.find(1).has_value());
    BOOST_TEST(one.size() == 2U);
    BOOST_TEST(!one.find(3).has_value());
    BOOST_TEST(one.observers() + other.observers() >= 1U);
    BOOST_TEST(onlooker.observers() == 0U);
    run(context, onlooker.leave());
    run(context, other.leave());
    BOOST_TEST((next_about(events, 2).kind == event_kind::found));
    BOOST_TEST((next_about(events, 2).kind == event_kind::left));
    BOOST_TEST(!events.try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(its_chart_is_settled_when_it_holds_what_the_others_hold)
{
    auto one = make(1);
    auto other = make(2);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    wait_until_found(other, 2);
    chart onlooker(context.get_executor(), observing(3));
    auto const third = maintain(onlooker);
    wait_until_found(onlooker, 2);
    BOOST_TEST(onlooker.settled());
}

BOOST_AUTO_TEST_CASE(an_observer_with_the_id_of_a_member_charts_it)
{
    auto one = make(1);
    chart onlooker(context.get_executor(), observing(1));
    auto events = one.notify();
    auto const first = maintain(one);
    auto const second = maintain(onlooker);
    wait_until_found(onlooker, 1);
    BOOST_TEST(onlooker.our_id() == 1U);
    BOOST_TEST(onlooker.find(1).has_value());
    BOOST_TEST(one.size() == 1U);
    BOOST_TEST(!events.try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(an_observer_that_announces_takes_part_with_what_it_has)
{
    auto one = make(1);
    chart onlooker(context.get_executor(), observing(3));
    auto events = one.notify();
    auto const first = maintain(one);
    auto const second = maintain(onlooker);
    wait_until_found(onlooker, 1);
    onlooker.announce(true);
    auto const found = next_about(events, 3);
    BOOST_TEST((found.kind == event_kind::found));
    BOOST_TEST(found.who.service_ports.front() == 8003);
    BOOST_TEST(onlooker.size() == 2U);
    onlooker.announce(false);
    BOOST_TEST((next_about(events, 3).kind == event_kind::left));
    auto late = make(4);
    auto const third = maintain(late);
    wait_until_found(onlooker, 2);
    BOOST_TEST(!one.find(3).has_value());
}

BOOST_AUTO_TEST_CASE(one_that_announces_before_it_begins_is_a_member_from_the_start)
{
    auto one = make(1);
    chart other(context.get_executor(), observing(2));
    other.announce(true);
    auto const first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    wait_until_found(other, 2);
}

BOOST_AUTO_TEST_SUITE_END()
