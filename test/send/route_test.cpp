// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/namespace_lab.hpp"
#include "support/printing.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
