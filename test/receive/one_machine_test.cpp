// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using test::address;
using test::group;
using test::hearing_on;
using test::sending_on;

namespace {

/// A host without any other, where IPv6 multicast needs a route to stay on `lo`.
struct one_machine {
    test::network_namespace host;
    asio::io_context context;
    net::group const local = group("[ff31::8000:1234]:5000");

    void route_multicast_to_lo() const { host.command("ip -6 route add local ff00::/8 dev lo"); }

    error_code send(publication_config const& config, std::string_view text)
    {
        publication pub(context.get_executor(), config);
        return host.within([&] {
            return test::failure_of([&] { test::run(context, pub.send(asio::buffer(text))); });
        });
    }

    subscription joined(subscription_config const& config)
    {
        subscription sub(context.get_executor(), config);
        host.within([&] { sub.join(); });
        return sub;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_one_machine, one_machine,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(an_interface_local_group_is_heard_from_its_source_alone)
{
    route_multicast_to_lo();
    host.ip("addr add ::2/128 dev lo nodad");
    auto sub = joined(hearing_on("lo", local, "::1"));
    auto other = joined(hearing_on("lo", local, "::2"));
    for (auto const* source : {"::2", "::1"}) {
        auto config = sending_on("lo", local);
        config.source = address(source);
        BOOST_TEST(send(config, source) == error_code());
    }
    auto const seen = test::run(context, sub.recv());
    BOOST_TEST(seen.text() == "::1");
    BOOST_TEST(seen.source.address() == address("::1"));
    BOOST_TEST(seen.group == local);
    BOOST_TEST(test::run(context, other.recv()).text() == "::2");
    BOOST_TEST(test::two_hosts::is_empty(sub));
    BOOST_TEST(test::two_hosts::is_empty(other));
}

BOOST_AUTO_TEST_CASE(an_interface_local_group_is_sent_from_the_loopback_address)
{
    route_multicast_to_lo();
    auto sub = joined(hearing_on("lo", local, "::1"));
    BOOST_TEST(send(sending_on("lo", local), "hello") == error_code());
    BOOST_TEST(test::run(context, sub.recv()).text() == "hello");
}

BOOST_AUTO_TEST_CASE(without_a_route_nothing_can_be_sent_and_the_sender_is_told)
{
    auto sub = joined(hearing_on("lo", local, "::1"));
    BOOST_TEST(send(sending_on("lo", local), "hello") == error::no_loopback_route);
    BOOST_TEST(test::two_hosts::is_empty(sub));
    route_multicast_to_lo();
    BOOST_TEST(send(sending_on("lo", local), "hello again") == error_code());
    BOOST_TEST(test::run(context, sub.recv()).text() == "hello again");
}

BOOST_AUTO_TEST_CASE(without_a_route_or_an_interface_it_is_told_what_is_missing)
{
    auto const told = [&](net::group const& to) {
        subscription sub(context.get_executor(), subscription_config::any_source(to));
        if (net::is_source_specific(to.address))
            sub = subscription(context.get_executor(),
                               subscription_config::source_specific(to, address("::1")));
        return host.within([&] { return test::failure_of([&] { sub.join(); }); });
    };
    BOOST_TEST(told(local) == error_code()); // lo is the only link there is
    BOOST_TEST(told(group("[ff15::1]:5000")) == error::no_multicast_route);
    route_multicast_to_lo();
    BOOST_TEST(told(group("[ff15::1]:5000")) == error_code());
}

BOOST_AUTO_TEST_SUITE_END()
