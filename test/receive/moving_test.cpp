// SPDX-License-Identifier: BSL-1.0
#include "receive/batch_fixture.hpp"

#include <rollcast/receive.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <utility>

using namespace rollcast;
using test::failure_of;
using test::ipv4;

namespace {

template <class Object>
void assign_to_itself(Object& object)
{
    auto& same = object; // a compiler warns of what it can see
    object = std::move(same);
}

struct moving : test::batch_fixture {
    subscription other = joined(test::hearing(ipv4.other_any_source));
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_moving, moving,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_subscription_that_is_replaced_ends_at_once)
{
    auto pending = sub.recv(asio::use_future);
    test::run_ready(context);
    auto const old = sub.native_handle();
    sub = std::move(other);
    BOOST_TEST(::fcntl(old, F_GETFD) == -1);
    BOOST_TEST((sub.config().group == ipv4.other_any_source));
    BOOST_TEST(sub.is_joined());
    BOOST_TEST(failure_of([&] { test::result_of(context, std::move(pending)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_subscription_that_was_moved_from_says_so_and_can_be_used_anew)
{
    auto const taken = std::move(sub);
    sub.close();
    BOOST_TEST(failure_of([&] { (void)sub.config(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { sub.join(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { (void)sub.recv(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { sub.recv(asio::use_future); }) == asio::error::bad_descriptor);
    sub = std::move(other);
    BOOST_TEST(sub.is_joined());
    BOOST_TEST(taken.is_joined());
}

BOOST_AUTO_TEST_CASE(what_is_assigned_to_itself_stays)
{
    assign_to_itself(sub);
    BOOST_TEST(sub.is_joined());
    receiver all(context);
    all.add(std::move(sub));
    assign_to_itself(all);
    BOOST_TEST(all.size() == 1U);
    batch into(2);
    assign_to_itself(into);
    BOOST_TEST(into.empty());
}

BOOST_AUTO_TEST_CASE(a_receiver_that_is_replaced_ends_at_once)
{
    receiver all(context);
    receiver fresh(context);
    auto const old = sub.native_handle();
    all.add(std::move(sub));
    auto pending = all.recv(asio::use_future);
    test::run_ready(context);
    all = std::move(fresh);
    BOOST_TEST(::fcntl(old, F_GETFD) == -1);
    BOOST_TEST(all.size() == 0U);
    BOOST_TEST(failure_of([&] { (void)fresh.size(); }) == asio::error::bad_descriptor);
    BOOST_TEST(failure_of([&] { test::result_of(context, std::move(pending)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_batch_that_was_moved_from_is_empty_and_can_be_received_into)
{
    send({"one"});
    batch into(4);
    receive(into);
    auto const taken = std::move(into);
    BOOST_TEST(taken.size() == 1U);
    BOOST_TEST(into.empty());
    BOOST_TEST((into.begin() == into.end()));
    send({"two"});
    receive(into);
    BOOST_TEST((*into.begin()).text() == "two");
    batch replaced(1);
    replaced = std::move(into);
    BOOST_TEST((*replaced.begin()).text() == "two");
    BOOST_TEST(into.size() == 0U);
}

BOOST_AUTO_TEST_CASE(a_context_may_stand_for_its_executor)
{
    subscription one(context, test::hearing(ipv4.any_source));
    one.join();
    receiver all(context);
    BOOST_TEST((one.get_executor() == context.get_executor()));
    BOOST_TEST((all.get_executor() == context.get_executor()));
    auto parts = one.into_parts();
    auto const adopted =
        subscription::adopt(context, parts.config, parts.sockets.front().release());
    BOOST_TEST(adopted.has_value());
}

BOOST_AUTO_TEST_CASE(metrics_have_a_sampler_behind_this_door)
{
    metrics::sampler<metrics::subscription_snapshot> sampler;
    auto const reader = sub.enable_metrics();
    BOOST_TEST(!sampler.sample(reader.snapshot()));
    send({"one"});
    receive_one();
    auto const grown = sampler.sample(reader.snapshot());
    BOOST_TEST_REQUIRE(grown.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
