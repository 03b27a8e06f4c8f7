// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>

using namespace rollcast;
using asio::ip::udp;
using test::hearing;
using test::ipv4;
using test::sending;

namespace {

struct existing {
    asio::io_context context;

    udp::socket bound(net::group const& to, net::port_type port)
    {
        udp::socket socket(context, to.protocol());
        socket.set_option(udp::socket::reuse_address(true));
        socket.bind({to.protocol(), port});
        return socket;
    }

    void send(std::string_view text, net::group const& group = ipv4.any_source)
    {
        publication pub(context.get_executor(), sending(group));
        test::run(context, pub.send(asio::buffer(text)));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_adopt, existing,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(an_adopted_socket_receives_the_group_and_nothing_else)
{
    auto socket = bound(ipv4.any_source, ipv4.any_source.port);
    auto sub = subscription::adopt(hearing(ipv4.any_source), socket);
    BOOST_REQUIRE(sub.has_value());
    BOOST_TEST(!socket.is_open());
    sub->join();

    udp::socket stranger(context, udp::v4());
    stranger.send_to(asio::buffer("unicast", 7),
                     {asio::ip::address_v4::loopback(), ipv4.any_source.port});
    send("multicast");
    BOOST_TEST(test::run(context, sub->recv()).text() == "multicast");
    BOOST_TEST(sub->counters().filtered == 1);
}

BOOST_AUTO_TEST_CASE(a_bound_ipv6_socket_is_adopted_whether_it_also_hears_ipv4_or_not,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    for (bool const v6_only : {false, true}) {
        udp::socket socket(context, udp::v6());
        socket.set_option(udp::socket::reuse_address(true));
        socket.set_option(asio::ip::v6_only(v6_only));
        socket.bind({udp::v6(), test::ipv6.any_source.port});
        auto sub = subscription::adopt(hearing(test::ipv6.any_source), socket);
        BOOST_REQUIRE(sub.has_value());
        sub->join();
        send("multicast", test::ipv6.any_source);
        BOOST_TEST(test::run(context, sub->recv()).text() == "multicast");
    }
}

BOOST_AUTO_TEST_CASE(a_membership_the_socket_came_with_is_taken_over)
{
    auto socket = bound(ipv4.any_source, ipv4.any_source.port);
    socket.set_option(asio::ip::multicast::join_group(ipv4.any_source.address.to_v4(),
                                                      asio::ip::address_v4::loopback()));
    auto sub = subscription::adopt(hearing(ipv4.any_source), socket);
    BOOST_REQUIRE(sub.has_value());
    sub->join();
    send("multicast");
    BOOST_TEST(test::run(context, sub->recv()).text() == "multicast");
}

BOOST_AUTO_TEST_CASE(a_membership_the_socket_came_with_is_known_before_it_is_taken_over)
{
    for (bool const of_this_group : {true, false}) {
        auto socket = bound(ipv4.any_source, ipv4.any_source.port);
        auto const& group = of_this_group ? ipv4.any_source : ipv4.other_any_source;
        socket.set_option(asio::ip::multicast::join_group(group.address.to_v4(),
                                                          asio::ip::address_v4::loopback()));
        auto sub = subscription::adopt(hearing(ipv4.any_source), socket);
        BOOST_REQUIRE(sub.has_value());
        BOOST_TEST(sub->is_joined() == of_this_group);
        BOOST_TEST(sub->interfaces().size() == (of_this_group ? 1U : 0U));
        sub->join();
        BOOST_TEST(sub->is_joined());
        sub->leave();
        BOOST_TEST(!sub->is_joined());
    }
}

BOOST_AUTO_TEST_CASE(a_source_specific_membership_of_ipv6_is_known_as_well,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    subscription first(context.get_executor(),
                       hearing(test::ipv6.source_specific, test::ipv6.loopback));
    first.join();
    auto parts = first.into_parts();
    auto second = subscription::adopt(parts.config, parts.sockets.front());
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(second->is_joined());
    BOOST_TEST(second->interfaces().front().name == "lo");
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_subscription_go_on_alone_and_make_another_one)
{
    subscription first(context.get_executor(), hearing(ipv4.any_source));
    first.join();
    send("zero"); // how many are read ahead depends on how many came before
    BOOST_TEST(test::run(context, first.recv()).text() == "zero");
    send("one");
    send("two");
    BOOST_TEST(test::run(context, first.recv()).text() == "one");
    auto parts = first.into_parts();
    BOOST_TEST(!first.is_joined());
    BOOST_TEST(test::failure_of([&] { first.join(); }) == asio::error::operation_aborted);
    BOOST_REQUIRE(parts.sockets.size() == 1U);
    BOOST_TEST(parts.interfaces.size() == 1U);
    // What had left the kernel is there, and what comes is heard: the membership is kept.
    BOOST_REQUIRE(parts.unread.has_value());
    BOOST_TEST(parts.unread->size() == 1U);
    BOOST_TEST(parts.unread->begin()->text() == "two");
    send("three");
    std::array<char, 16> bytes{};
    auto const size = parts.sockets.front().receive(asio::buffer(bytes));
    BOOST_TEST(std::string_view(bytes.data(), size) == "three");

    auto second = subscription::adopt(parts.config, parts.sockets.front());
    BOOST_REQUIRE(second.has_value());
    second->join();
    send("four");
    BOOST_TEST(test::run(context, second->recv()).text() == "four");
}

BOOST_AUTO_TEST_CASE(an_adopted_socket_outlives_leaving_and_joins_again)
{
    auto socket = bound(ipv4.any_source, ipv4.any_source.port);
    auto const handle = socket.native_handle();
    auto sub = subscription::adopt(hearing(ipv4.any_source), socket);
    BOOST_REQUIRE(sub.has_value());
    sub->join();
    sub->leave();
    sub->join();
    BOOST_TEST(sub->native_handle() == handle);
    send("again");
    BOOST_TEST(test::run(context, sub->recv()).text() == "again");
}

BOOST_AUTO_TEST_CASE(a_native_socket_can_be_adopted)
{
    auto socket = bound(ipv4.any_source, ipv4.any_source.port);
    auto sub =
        subscription::adopt(context.get_executor(), hearing(ipv4.any_source), socket.release());
    BOOST_REQUIRE(sub.has_value());
    sub->join();
    send("native");
    BOOST_TEST(test::run(context, sub->recv()).text() == "native");
}

BOOST_AUTO_TEST_CASE(a_socket_that_does_not_fit_is_refused_and_stays_the_callers)
{
    auto other_port = bound(ipv4.any_source, 5999);
    auto const blocking = other_port.native_non_blocking();
    auto refused = subscription::adopt(hearing(ipv4.any_source), other_port);
    BOOST_TEST(refused.error() == error::socket_port_mismatch);
    BOOST_TEST(other_port.is_open());
    BOOST_TEST(other_port.native_non_blocking() == blocking);

    udp::socket other_group(context, udp::v4());
    other_group.set_option(udp::socket::reuse_address(true));
    other_group.bind({ipv4.other_any_source.address, ipv4.any_source.port});
    refused = subscription::adopt(hearing(ipv4.any_source), other_group);
    BOOST_TEST(refused.error() == error::socket_address_mismatch);
    BOOST_TEST(other_group.is_open());

    auto other_version = bound(test::ipv6.any_source, ipv4.any_source.port);
    refused = subscription::adopt(hearing(ipv4.any_source), other_version);
    BOOST_TEST(refused.error() == error::socket_family_mismatch);
    BOOST_TEST(other_version.is_open());
}

BOOST_AUTO_TEST_CASE(a_native_socket_that_is_refused_is_not_closed)
{
    asio::ip::tcp::socket stream(context, asio::ip::tcp::v4());
    auto const refused = subscription::adopt(context.get_executor(), hearing(ipv4.any_source),
                                             stream.native_handle());
    BOOST_TEST(refused.error() == error::socket_not_udp);
    error_code ec;
    stream.set_option(asio::ip::tcp::no_delay(true), ec);
    BOOST_TEST(!ec, ec.message());
}

BOOST_AUTO_TEST_CASE(a_configuration_that_breaks_a_rule_leaves_the_socket_alone)
{
    auto socket = bound(ipv4.any_source, ipv4.any_source.port);
    auto config = hearing(ipv4.any_source);
    config.interfaces = {"nowhere"};
    auto const refused = subscription::adopt(config, socket);
    BOOST_TEST(refused.error() == error::unknown_interface);
    BOOST_TEST(socket.is_open());
}

BOOST_AUTO_TEST_SUITE_END()
