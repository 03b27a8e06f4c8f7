// SPDX-License-Identifier: BSL-1.0
#include "os/descriptors.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/receiver.hpp>

#include <boost/test/unit_test.hpp>

#include <deque>

using namespace rollcast;
using os::free_descriptors;
using test::hearing;
using test::ipv4;

namespace {

net::group numbered(unsigned number)
{
    return {asio::ip::address_v4(0xef010000 + number), 5000};
}

} // namespace

BOOST_AUTO_TEST_SUITE(receive_descriptors,
                      *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_receiver_takes_hardly_more_than_one_for_each_group)
{
    constexpr unsigned groups = 200;
    asio::io_context context;
    asio::ip::udp::socket const first(context, asio::ip::udp::v4()); // Asio takes some of its own
    auto const before = free_descriptors();
    receiver all(context.get_executor());
    for (unsigned i = 0; i < groups; ++i)
        all.join(all.add(hearing(numbered(i))));
    auto pending = all.recv(asio::use_future);
    auto events = all.membership_changed(asio::use_future);
    test::run_ready(context);
    auto const taken = before - free_descriptors();
    BOOST_TEST(taken >= groups);
    BOOST_TEST(taken <= groups + groups / 20);
    publication pub(context.get_executor(), test::sending(numbered(groups / 2)));
    test::run(context, pub.send(asio::buffer("hello", 5)));
    BOOST_TEST(test::result_of(context, std::move(pending)).group == numbered(groups / 2));
}

BOOST_AUTO_TEST_CASE(subscriptions_of_a_context_have_one_socket_each_and_one_for_all)
{
    constexpr unsigned groups = 50;
    asio::io_context context;
    asio::ip::udp::socket const first(context, asio::ip::udp::v4()); // Asio takes some of its own
    auto const before = free_descriptors();
    std::deque<subscription> all;
    std::deque<std::future<packet>> pending;
    for (unsigned i = 0; i < groups; ++i) {
        all.emplace_back(context.get_executor(), hearing(numbered(i))).join();
        pending.push_back(all.back().recv(asio::use_future));
    }
    test::run_ready(context);
    auto const taken = before - free_descriptors();
    BOOST_TEST(taken >= groups);
    BOOST_TEST(taken <= groups + 1);
    all.clear();
    test::run_ready(context);
    BOOST_TEST(free_descriptors() == before);
}

BOOST_AUTO_TEST_CASE(publications_of_a_context_have_one_socket_each_and_one_for_all)
{
    constexpr unsigned groups = 50;
    asio::io_context context;
    asio::ip::udp::socket const first(context, asio::ip::udp::v4()); // Asio takes some of its own
    auto const before = free_descriptors();
    std::deque<publication> all;
    for (unsigned i = 0; i < groups; ++i)
        all.emplace_back(context.get_executor(), test::sending(numbered(i))).open();
    auto const taken = before - free_descriptors();
    BOOST_TEST(taken >= groups);
    BOOST_TEST(taken <= groups + 1);
}

BOOST_AUTO_TEST_SUITE_END()
