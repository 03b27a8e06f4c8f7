// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

using namespace rollcast;
using test::ipv4;
using test::ipv6;

namespace {

/// A host whose only interface is lo, without any route for multicast.
struct lonely_host {
    test::network_namespace host;
    asio::io_context context;

    error_code open(publication_config const& config)
    {
        publication pub(context.get_executor(), config);
        error_code ec;
        host.within([&] { pub.open(ec); });
        BOOST_TEST(pub.is_open() == !ec.failed());
        return ec;
    }

    error_code join(subscription_config const& config)
    {
        subscription sub(context.get_executor(), config);
        error_code ec;
        host.within([&] { sub.join(ec); });
        BOOST_TEST(sub.is_joined() == !ec.failed());
        return ec;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_route, lonely_host,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(sending_without_a_route_names_what_is_missing)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source})
        for (bool const replies : {false, true}) {
            publication_config config;
            config.group = group;
            config.replies = replies;
            BOOST_TEST(open(config) == error::no_multicast_route, to_string(group));
        }
}

BOOST_AUTO_TEST_CASE(joining_without_a_route_names_what_is_missing)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source})
        BOOST_TEST(join(subscription_config::any_source(group)) == error::no_multicast_route,
                   to_string(group));
}

BOOST_AUTO_TEST_CASE(naming_lo_helps_ipv4_without_a_route)
{
    BOOST_TEST(open(test::sending(ipv4.any_source)) == error_code{});
    BOOST_TEST(join(test::hearing(ipv4.any_source)) == error_code{});
}

BOOST_AUTO_TEST_CASE(a_route_that_refuses_the_group_is_named_as_such)
{
    host.ip("link add e1 type veth\nlink set e1 up\naddr add 10.9.1.1/24 dev e1\n"
            "addr add fd09:1::1/64 dev e1 nodad\nroute add default dev e1");
    for (std::string const kind : {"blackhole", "prohibit", "unreachable"}) {
        host.command("ip route add " + kind + " 239.0.0.0/8");
        host.command("ip -6 route add " + kind + " ff15::/16 table local metric 1");
        for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
            for (bool const replies : {false, true}) {
                publication_config config;
                config.group = group;
                config.replies = replies;
                BOOST_TEST(open(config) == error::refused_by_route,
                           kind << " for " << to_string(group));
            }
            BOOST_TEST(join(subscription_config::any_source(group)) == error::refused_by_route,
                       kind << " for " << to_string(group));
        }
        host.command("ip route del " + kind + " 239.0.0.0/8");
        host.command("ip -6 route del " + kind + " ff15::/16 table local metric 1");
    }
}

BOOST_AUTO_TEST_CASE(a_route_that_comes_to_refuse_the_group_is_named_by_what_sends)
{
    host.ip("link add e1 type veth peer name e2\nlink set e1 up\nlink set e2 up\n"
            "addr add 10.9.1.1/24 dev e1\nroute add default dev e1");
    host.within([&] {
        publication_config config;
        config.group = ipv4.any_source;
        publication pub(context.get_executor(), config);
        pub.open();
        host.command("ip route add blackhole 239.0.0.0/8");
        test::poll_until([&] {
            error_code ec;
            pub.try_send(asio::buffer("hello", 5), ec);
            return ec == error::refused_by_route;
        });
        std::array<asio::const_buffer, 1> const batch{asio::buffer("hello", 5)};
        auto const report = pub.try_send_batch(batch);
        BOOST_REQUIRE(report.failures.size() == 1U);
        BOOST_TEST(report.failures[0].error == error::refused_by_route);
    });
}

BOOST_AUTO_TEST_SUITE_END()
