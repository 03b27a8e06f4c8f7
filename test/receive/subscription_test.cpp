// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>

using namespace rollcast;
using test::address;
using test::hearing;
using test::ipv4;
using test::ipv6;

namespace {

struct one_context {
    asio::io_context context;

    subscription make(subscription_config const& config)
    {
        return subscription(context.get_executor(), config);
    }

    /// What is in the queue right now.
    static std::vector<std::string> queued(subscription& sub)
    {
        std::vector<std::string> texts;
        error_code ec;
        while (auto const packet = sub.try_recv(ec))
            texts.emplace_back(packet->text());
        BOOST_TEST(ec == asio::error::would_block);
        return texts;
    }

    void send(net::group const& group, std::string_view text)
    {
        publication pub(context.get_executor(), test::sending(group));
        error_code ec;
        pub.try_send(asio::buffer(text), ec);
        BOOST_TEST(!ec.failed());
    }
};

error_code join(subscription& sub)
{
    error_code ec;
    sub.join(ec);
    return ec;
}

error_code leave(subscription& sub)
{
    error_code ec;
    sub.leave(ec);
    return ec;
}

std::vector<asio::ip::address> sources(unsigned count)
{
    std::vector<asio::ip::address> all;
    for (unsigned i = 1; i <= count; ++i)
        all.push_back(asio::ip::address_v4(0x7f000000U + i));
    return all;
}

std::string contents(char const* path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

using strings = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_subscription, one_context,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_new_subscription_has_opened_nothing)
{
    auto sub = make(hearing(ipv4.any_source));
    BOOST_TEST(!sub.is_joined());
    BOOST_TEST(sub.interfaces().empty());
    BOOST_TEST(sub.receive_buffer_size() == 0U);
    BOOST_TEST(sub.config().group == ipv4.any_source);
    BOOST_TEST((sub.get_executor() == asio::any_io_executor(context.get_executor())));
}

BOOST_AUTO_TEST_CASE(joining_binds_the_group_and_tells_where_it_joined)
{
    auto sub = make(hearing(ipv4.any_source));
    sub.join();
    BOOST_TEST(sub.is_joined());
    BOOST_TEST(sub.local_endpoint() == ipv4.any_source.endpoint());
    BOOST_TEST(sub.receive_buffer_size() > 0U);
    BOOST_REQUIRE(sub.interfaces().size() == 1U);
    BOOST_TEST(sub.interfaces().front().name == "lo");
}

BOOST_AUTO_TEST_CASE(join_and_leave_object_to_the_wrong_order)
{
    auto sub = make(hearing(ipv4.any_source));
    BOOST_TEST(leave(sub) == error::not_joined);
    BOOST_TEST(join(sub) == error_code{});
    BOOST_TEST(join(sub) == error::already_joined);
    BOOST_TEST(sub.is_joined());
    BOOST_TEST(leave(sub) == error_code{});
    BOOST_TEST(leave(sub) == error::not_joined);
    BOOST_TEST(!sub.is_joined());
    BOOST_TEST(sub.interfaces().empty());
}

BOOST_AUTO_TEST_CASE(without_an_error_code_join_and_leave_throw)
{
    auto sub = make(hearing(ipv4.any_source));
    BOOST_TEST(test::failure_of([&] { sub.leave(); }) == error::not_joined);
    sub.join();
    BOOST_TEST(test::failure_of([&] { sub.join(); }) == error::already_joined);
}

BOOST_AUTO_TEST_CASE(an_invalid_configuration_opens_no_socket)
{
    auto sub = make(hearing(net::group(address("10.0.0.1"), 5000)));
    BOOST_TEST(join(sub) == error::not_multicast);
    BOOST_TEST(!sub.is_joined());
    BOOST_TEST(sub.receive_buffer_size() == 0U);
}

BOOST_AUTO_TEST_CASE(nothing_is_received_before_join_or_after_leave)
{
    auto sub = make(hearing(ipv4.any_source));
    error_code ec;
    BOOST_TEST(!sub.try_recv(ec).has_value());
    BOOST_TEST(ec == error::not_joined);
    sub.join();
    sub.leave();
    send(ipv4.any_source, "late");
    BOOST_TEST(!sub.try_recv(ec).has_value());
    BOOST_TEST(ec == error::not_joined);
    BOOST_TEST(test::failure_of([&] { test::run(context, sub.recv()); }) == error::not_joined);
}

BOOST_AUTO_TEST_CASE(what_was_queued_before_leaving_does_not_come_out_after_rejoining)
{
    auto sub = make(hearing(ipv4.any_source));
    sub.join();
    send(ipv4.any_source, "old");
    sub.leave();
    send(ipv4.any_source, "between");
    sub.join();
    send(ipv4.any_source, "new");
    BOOST_TEST(queued(sub) == strings{"new"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_can_join_and_leave_many_times)
{
    auto sub = make(hearing(ipv4.any_source));
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST_REQUIRE(join(sub) == error_code{});
        BOOST_TEST_REQUIRE(leave(sub) == error_code{});
    }
    sub.join();
    send(ipv4.any_source, "still here");
    BOOST_TEST(queued(sub) == strings{"still here"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(any_number_of_subscriptions_share_group_and_port)
{
    std::vector<subscription> subs;
    for (int i = 0; i < 25; ++i) {
        subs.push_back(make(hearing(ipv4.any_source)));
        subs.back().join();
    }
    send(ipv4.any_source, "to all");
    for (auto& sub : subs)
        BOOST_TEST(queued(sub) == strings{"to all"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(one_leaving_does_not_take_the_others_along)
{
    auto staying = make(hearing(ipv4.any_source));
    staying.join();
    {
        auto leaving = make(hearing(ipv4.any_source));
        auto destroyed = make(hearing(ipv4.any_source));
        leaving.join();
        destroyed.join();
        leaving.leave();
    }
    send(ipv4.any_source, "for who stays");
    BOOST_TEST(queued(staying) == strings{"for who stays"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_port_whose_owner_does_not_share_it_is_in_use)
{
    asio::ip::udp::socket const owner(context, {asio::ip::udp::v4(), ipv4.any_source.port});
    auto sub = make(hearing(ipv4.any_source));
    BOOST_TEST(join(sub) == asio::error::address_in_use);
    BOOST_TEST(!sub.is_joined());
}

BOOST_AUTO_TEST_CASE(a_port_in_use_can_be_joined_once_it_is_free)
{
    auto sub = make(hearing(ipv4.any_source));
    {
        asio::ip::udp::socket const owner(context, {asio::ip::udp::v4(), ipv4.any_source.port});
        BOOST_TEST(join(sub) == asio::error::address_in_use);
    }
    BOOST_TEST(join(sub) == error_code{});
}

BOOST_AUTO_TEST_CASE(ten_sources_can_be_joined)
{
    auto config = hearing(ipv4.source_specific);
    config.sources = sources(10);
    auto sub = make(config);
    BOOST_TEST(join(sub) == error_code{});
    send(ipv4.source_specific, "from 127.0.0.1");
    BOOST_TEST(queued(sub) == strings{"from 127.0.0.1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_source_too_many_for_an_adopted_socket_leaves_nothing_joined)
{
    auto config = hearing(ipv4.source_specific);
    config.sources = sources(11);
    auto sub = test::adopt_fresh_socket(context, config);
    for (int attempt = 0; attempt < 2; ++attempt) {
        BOOST_TEST(join(sub) == rollcast::error::too_many_sources);
        BOOST_TEST(!sub.is_joined());
        BOOST_TEST(sub.interfaces().empty());
        BOOST_TEST(leave(sub) == error::not_joined);
        // 232.1.1.1, as the kernel prints it.
        BOOST_TEST(contents("/proc/thread-self/net/mcfilter").find("0xe8010101") ==
                   std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(another_subscription_can_join_after_one_that_failed)
{
    auto config = hearing(ipv4.source_specific);
    config.sources = sources(11);
    auto failed = test::adopt_fresh_socket(context, config);
    BOOST_TEST(join(failed) == rollcast::error::too_many_sources);
    auto sub = make(hearing(ipv4.source_specific, ipv4.loopback));
    BOOST_TEST(join(sub) == error_code{});
    send(ipv4.source_specific, "heard");
    BOOST_TEST(queued(sub) == strings{"heard"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_receive_buffer_asked_for_is_granted_up_to_the_systems_limit)
{
    auto config = hearing(ipv4.any_source);
    config.receive_buffer = 65536;
    auto small = make(config);
    small.join();
    BOOST_TEST(small.receive_buffer_size() == 65536U);
    config.receive_buffer = std::size_t{1} << 40;
    auto huge = make(config);
    huge.join();
    BOOST_TEST(huge.receive_buffer_size() > 65536U);
}

BOOST_AUTO_TEST_CASE(a_moved_subscription_goes_on)
{
    auto first = make(hearing(ipv4.any_source));
    first.join();
    subscription second(std::move(first));
    auto third = make(hearing(ipv4.other_any_source));
    third = std::move(second);
    send(ipv4.any_source, "followed");
    BOOST_TEST(queued(third) == strings{"followed"}, boost::test_tools::per_element());
    BOOST_TEST(third.config().group == ipv4.any_source);
}

BOOST_AUTO_TEST_CASE(ipv6_joins_and_leaves_alike,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    auto sub = make(hearing(ipv6.any_source));
    sub.join();
    BOOST_TEST(join(sub) == error::already_joined);
    send(ipv6.any_source, "old");
    sub.leave();
    sub.join();
    send(ipv6.any_source, "new");
    BOOST_TEST(queued(sub) == strings{"new"}, boost::test_tools::per_element());
    BOOST_TEST(sub.local_endpoint() == ipv6.any_source.endpoint());
}

BOOST_AUTO_TEST_SUITE_END()
