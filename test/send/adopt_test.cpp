// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/sender.hpp>

#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string_view>

using namespace rollcast;
using asio::ip::udp;
using test::hearing;
using test::ipv4;
using test::ipv6;
using test::sending;

namespace {

struct existing {
    asio::io_context context;

    udp::socket bound(udp::endpoint const& to)
    {
        udp::socket socket(context, to.protocol());
        socket.bind(to);
        return socket;
    }

    static int ttl(udp::socket& socket)
    {
        asio::ip::multicast::hops hops;
        socket.get_option(hops);
        return hops.value();
    }

    void is_refused(publication_config const& config, udp::socket& socket, error_code const& why)
    {
        auto const before = socket.local_endpoint();
        auto const hops = ttl(socket);
        auto const refused = publication::adopt(config, socket);
        BOOST_TEST(refused.error() == why);
        BOOST_REQUIRE(socket.is_open());
        BOOST_TEST(socket.local_endpoint() == before);
        BOOST_TEST(ttl(socket) == hops);
        BOOST_TEST(socket.non_blocking() == false);
    }

    void reaches_the_group(publication& pub, std::string_view text)
    {
        subscription sub(context.get_executor(), hearing(pub.config().group));
        sub.join();
        auto const report = test::run(context, pub.send(asio::buffer(text)));
        auto const seen = test::run(context, sub.recv());
        BOOST_TEST(seen.text() == text);
        BOOST_TEST(seen.source == report.source);
    }
};

udp::endpoint const ephemeral{asio::ip::address_v4::loopback(), 0};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_adopt, existing,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_bound_socket_sends_from_where_it_is_bound)
{
    auto socket = bound(ephemeral);
    auto const from = socket.local_endpoint();
    auto const handle = socket.native_handle();
    auto pub = publication::adopt(sending(ipv4.any_source), socket);
    BOOST_REQUIRE(pub.has_value());
    BOOST_TEST(!socket.is_open());
    BOOST_TEST(pub->is_open());
    BOOST_TEST(pub->native_handle() == handle);
    BOOST_TEST(pub->local_endpoint() == from);
    reaches_the_group(*pub, "adopted");
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_not_bound_gets_what_the_configuration_asks_for)
{
    udp::socket socket(context, udp::v4());
    auto config = sending(ipv4.any_source);
    config.source = ipv4.loopback;
    config.source_port = 40123;
    auto pub = publication::adopt(config, socket);
    BOOST_REQUIRE(pub.has_value());
    BOOST_TEST(pub->local_endpoint() == udp::endpoint(ipv4.loopback, 40123));
    reaches_the_group(*pub, "bound for you");
}

BOOST_AUTO_TEST_CASE(a_bound_ipv6_socket_is_adopted,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    auto socket = bound({asio::ip::address_v6::loopback(), 0});
    auto pub = publication::adopt(sending(ipv6.any_source), socket);
    BOOST_REQUIRE(pub.has_value());
    reaches_the_group(*pub, "adopted");
}

BOOST_AUTO_TEST_CASE(a_native_socket_stays_the_callers_where_it_is_refused)
{
    auto socket = bound(ephemeral);
    auto config = sending(ipv4.any_source);
    config.source_port = static_cast<net::port_type>(socket.local_endpoint().port() ^ 1U);
    auto const refused = publication::adopt(context.get_executor(), config, socket.native_handle());
    BOOST_TEST(refused.error() == error::socket_port_mismatch);
    BOOST_TEST(socket.send_to(asio::buffer("still here", 10), socket.local_endpoint()) == 10U);
}

BOOST_AUTO_TEST_CASE(a_native_socket_that_the_reactor_refuses_stays_the_callers)
{
    auto socket = bound(ephemeral); // which the reactor watches already
    auto config = sending(ipv4.any_source);
    config.replies = true;
    auto const handle = socket.native_handle();
    BOOST_TEST(publication::adopt(context.get_executor(), config, handle).has_error());
    BOOST_TEST(socket.send_to(asio::buffer("still here", 10), socket.local_endpoint()) == 10U);
}

BOOST_AUTO_TEST_CASE(an_adopted_socket_tells_at_which_address_a_reply_came)
{
    auto socket = bound({asio::ip::address_v4::any(), 0});
    auto const port = socket.local_endpoint().port();
    auto config = sending(ipv4.any_source);
    config.replies = config.replies_at_any_address = true;
    auto pub = publication::adopt(config, socket);
    BOOST_REQUIRE(pub.has_value());
    std::array<char, 16> storage{};
    auto const there = test::address("127.0.0.2");
    udp::socket(context, {ipv4.loopback, 0}).send_to(asio::buffer("hello", 5), {there, port});
    auto const heard = test::run(context, pub->recv_reply(asio::buffer(storage)));
    BOOST_TEST(heard.bytes == 5U);
    BOOST_TEST(heard.destination == there);
}

BOOST_AUTO_TEST_CASE(a_socket_that_contradicts_the_configuration_is_left_alone)
{
    auto socket = bound(ephemeral);
    auto config = sending(ipv4.any_source);
    config.source_port = static_cast<net::port_type>(socket.local_endpoint().port() ^ 1U);
    is_refused(config, socket, error::socket_port_mismatch);
    config = sending(ipv4.any_source);
    config.source = test::address("127.0.0.2");
    is_refused(config, socket, error::socket_address_mismatch);
    is_refused(sending(ipv6.any_source), socket, error::socket_family_mismatch);
    config = sending(ipv4.any_source);
    config.hop_limit = 256;
    is_refused(config, socket, error::invalid_hop_limit);
}

BOOST_AUTO_TEST_CASE(a_stream_socket_and_a_closed_one_are_refused)
{
    asio::ip::tcp::socket stream(context, asio::ip::tcp::v4());
    auto const refused = publication::adopt(context.get_executor(), sending(ipv4.any_source),
                                            stream.native_handle());
    BOOST_TEST(refused.error() == error::socket_not_udp);
    udp::socket closed(context);
    BOOST_TEST(publication::adopt(sending(ipv4.any_source), closed).has_error());
}

BOOST_AUTO_TEST_CASE(the_socket_goes_on_alone_and_can_be_adopted_again)
{
    publication first(context.get_executor(), sending(ipv4.any_source));
    first.open();
    auto const from = first.local_endpoint();
    auto parts = first.into_parts();
    BOOST_TEST(!first.is_open());
    BOOST_TEST(test::failure_of([&] { first.open(); }) == asio::error::operation_aborted);
    BOOST_TEST(parts.socket.local_endpoint() == from);
    BOOST_TEST(parts.socket.send(asio::buffer("alone", 5)) == 5U);
    auto second = publication::adopt(parts.config, parts.socket);
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(second->local_endpoint() == from);
    reaches_the_group(*second, "again");
}

BOOST_AUTO_TEST_CASE(an_adopted_publication_joins_a_sender)
{
    auto socket = bound(ephemeral);
    auto pub = publication::adopt(sending(ipv4.any_source), socket);
    BOOST_REQUIRE(pub.has_value());
    sender all(context.get_executor());
    auto const id = all.add(std::move(*pub));
    auto const report = test::run(context, all.send(id, asio::buffer("by id", 5)));
    BOOST_TEST(report.publication == id);
    BOOST_TEST(all.find(id)->native_handle() >= 0);
}

BOOST_AUTO_TEST_SUITE_END()
