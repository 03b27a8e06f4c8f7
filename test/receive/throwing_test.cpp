// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using test::address;
using test::failure_of;
using test::hearing;
using test::ipv4;

namespace {

struct without_codes {
    asio::io_context context;
    receiver all{context.get_executor()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_throwing, without_codes,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_receiver_can_be_used_without_error_codes)
{
    auto const id = all.add(hearing(ipv4.any_source));
    BOOST_TEST(failure_of([&] { all.add(hearing(ipv4.any_source)); }) == error::duplicate_entry);
    all.join(id);
    BOOST_TEST(failure_of([&] { all.join(id); }) == error::already_joined);
    BOOST_TEST(!all.try_recv_any().has_value());
    all.leave(id);
    BOOST_TEST(failure_of([&] { all.leave(id); }) == error::not_joined);
    BOOST_TEST(failure_of([&] { all.join(id + 1); }) == error::unknown_id);
    auto const second = all.add(*all.take(id));
    BOOST_TEST(second == id + 1);
}

BOOST_AUTO_TEST_CASE(a_subscription_can_be_used_without_error_codes)
{
    subscription sub(context.get_executor(), hearing(ipv4.any_source));
    BOOST_TEST(failure_of([&] { sub.try_recv(); }) == error::not_joined);
    sub.join();
    batch into;
    BOOST_TEST(!sub.try_recv().has_value());
    BOOST_TEST(sub.try_recv_batch(into) == 0U);
    sub.block_source(address("10.0.0.1"));
    sub.unblock_source(address("10.0.0.1"));
    BOOST_TEST(failure_of([&] { sub.unblock_source(address("10.0.0.1")); }) ==
               error::unknown_source);
    BOOST_TEST(failure_of([&] { sub.add_source(address("10.0.0.1")); }) ==
               error::group_not_source_specific);
    BOOST_TEST(failure_of([&] { sub.drop_source(address("10.0.0.1")); }) == error::unknown_source);
}

BOOST_AUTO_TEST_SUITE_END()
