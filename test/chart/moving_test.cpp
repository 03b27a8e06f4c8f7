// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <utility>

using namespace rollcast;
using test::failure_of;

BOOST_FIXTURE_TEST_SUITE(chart_moving, test::charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_chart_that_is_replaced_says_goodbye_at_once)
{
    auto watching = make(3);
    auto seen = watching.notify();
    auto const third = maintain(watching);
    auto one = make(1);
    auto first = maintain(one);
    BOOST_TEST(next_about(seen, 1).kind == event_kind::found);
    auto other = make(2);
    auto const second = maintain(other);
    BOOST_TEST(next_about(seen, 2).kind == event_kind::found);
    one = std::move(other);
    BOOST_TEST(next_about(seen, 1).kind == event_kind::left);
    BOOST_TEST(one.our_id() == 2U);
    BOOST_TEST(outcome(std::move(first)) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(what_was_moved_from_says_so_and_can_be_used_anew)
{
    auto one = make(1);
    auto events = one.notify();
    auto taken = std::move(one);
    auto read = std::move(events);
    BOOST_TEST(failure_of([&] { (void)one.our_id(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)one.maintain(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)one.notify(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)events.recv(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)events.try_recv(); }) == asio::error::bad_descriptor);
    one = std::move(taken);
    events = std::move(read);
    auto& same = one;
    one = std::move(same);
    BOOST_TEST(one.our_id() == 1U);
    BOOST_TEST(!events.try_recv());
}

BOOST_AUTO_TEST_CASE(a_reader_that_is_replaced_ends_its_wait)
{
    auto one = make(1);
    auto events = one.notify();
    auto pending = events.recv(asio::use_future);
    test::run_ready(context);
    events = one.notify();
    BOOST_TEST(failure_of([&] { test::result_of(context, std::move(pending)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_context_may_stand_for_its_executor)
{
    chart one(context, test::on_loopback(1));
    BOOST_TEST((one.get_executor() == context.get_executor()));
    net::interface_watcher watcher(context);
    net::interface_watcher other(context);
    watcher = std::move(other);
    BOOST_TEST((watcher.get_executor() == context.get_executor()));
    BOOST_TEST(failure_of([&] { (void)other.changed(); }) == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_SUITE_END()
