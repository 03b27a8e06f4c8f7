// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using namespace rollcast;
using test::address;
using test::group;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::network_namespace;
using test::sending_on;
using test::two_hosts;

namespace {

struct receiving_wire : two_hosts {
    void a_datagram_crosses(net::group const& group, char const* source);
    void only_the_source_is_heard(net::group const& group, char const* source, char const* other);
    void the_other_link_is_not_heard(net::group const& group);
};

void receiving_wire::a_datagram_crosses(net::group const& group, char const* source)
{
    auto sub = joined(right, hearing_on("e1", group));
    auto config = sending_on("e1", group);
    config.hop_limit = 3;
    auto const report = send(left, config, "hello");
    auto const seen = next(sub);
    BOOST_TEST(seen.text() == "hello");
    BOOST_TEST(seen.source.address() == address(source));
    BOOST_TEST(seen.source == report.source);
    BOOST_TEST(seen.group == group);
    BOOST_TEST(seen.metadata.interface_index == index_of(right, "e1"));
    BOOST_TEST((seen.metadata.hop_limit == 3));
}

void receiving_wire::only_the_source_is_heard(net::group const& group, char const* source,
                                              char const* other)
{
    auto sub = joined(right, hearing_on("e1", group, source));
    auto witness = joined(right, hearing_on("e1", group, other));
    for (auto const* each : {other, source}) {
        auto config = sending_on("e1", group);
        config.source = address(each);
        send(left, config, each);
    }
    BOOST_TEST(next(witness).text() == other);
    auto const seen = next(sub);
    BOOST_TEST(seen.text() == source);
    BOOST_TEST(seen.source.address() == address(source));
    BOOST_TEST(seen.group == group);
    BOOST_TEST(seen.metadata.interface_index == index_of(right, "e1"));
    BOOST_TEST(is_empty(sub));
    BOOST_TEST(is_empty(witness));
}

void receiving_wire::the_other_link_is_not_heard(net::group const& group)
{
    auto sub = joined(right, hearing_on("e1", group));
    auto witness = joined(right, hearing_on("e2", group));
    send(left, sending_on("e2", group), "on link 2");
    BOOST_TEST(next(witness).text() == "on link 2");
    BOOST_TEST(is_empty(sub));
    send(left, sending_on("e1", group), "on link 1");
    BOOST_TEST(next(sub).text() == "on link 1");
    BOOST_TEST(is_empty(witness));
}

std::string contents(char const* path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// A host with that many interfaces that can multicast, and their names.
std::vector<net::network_interface> give_interfaces(network_namespace const& host, unsigned count)
{
    std::vector<net::network_interface> names;
    std::string lines;
    for (unsigned i = 0; i < count; ++i) {
        auto const name = "m" + std::to_string(i);
        lines += "link add " + name + " type veth peer name p" + std::to_string(i) + "\n" +
                 "link set " + name + " up\n";
        names.emplace_back(name);
    }
    host.ip(lines);
    return names;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_wire, receiving_wire,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(an_ipv4_datagram_crosses_the_wire)
{
    a_datagram_crosses(ipv4.any_source, "10.9.1.1");
}

BOOST_AUTO_TEST_CASE(an_ipv6_datagram_crosses_the_wire)
{
    a_datagram_crosses(ipv6.any_source, "fd09:1::1");
}

BOOST_AUTO_TEST_CASE(a_link_local_datagram_crosses_the_wire_and_its_source_can_be_answered)
{
    net::group const group(address("ff12::4298"), 5000);
    auto sub = joined(right, hearing_on("e2", group));
    auto const report = send(left, sending_on("e2", group), "hello");
    auto const seen = next(sub);
    BOOST_TEST(seen.group.address.to_v6().to_bytes() == group.address.to_v6().to_bytes(),
               boost::test_tools::per_element());
    BOOST_TEST(seen.source.port() == report.source.port());
    BOOST_TEST(seen.source.address().to_v6().is_link_local());
    BOOST_TEST(seen.source.address().to_v6().scope_id() == index_of(right, "e2"));
}

BOOST_AUTO_TEST_CASE(only_the_source_of_an_ipv4_source_specific_group_is_heard)
{
    left.ip("addr add 10.9.1.101/24 dev e1");
    only_the_source_is_heard(ipv4.source_specific, "10.9.1.1", "10.9.1.101");
}

BOOST_AUTO_TEST_CASE(only_the_source_of_an_ipv6_source_specific_group_is_heard)
{
    left.ip("addr add fd09:1::101/64 dev e1 nodad");
    only_the_source_is_heard(ipv6.source_specific, "fd09:1::1", "fd09:1::101");
}

BOOST_AUTO_TEST_CASE(an_ipv4_subscription_on_one_link_does_not_hear_the_other)
{
    the_other_link_is_not_heard(ipv4.any_source);
}

BOOST_AUTO_TEST_CASE(an_ipv6_subscription_on_one_link_does_not_hear_the_other)
{
    the_other_link_is_not_heard(ipv6.any_source);
    the_other_link_is_not_heard(net::group(address("ff12::1:1"), 5000));
}

BOOST_AUTO_TEST_CASE(an_ipv6_source_on_the_other_link_is_not_heard)
{
    auto sub = joined(right, hearing_on("e1", ipv6.source_specific, "fd09:2::1"));
    auto witness = joined(right, hearing_on("e2", ipv6.source_specific, "fd09:2::1"));
    send(left, sending_on("e2", ipv6.source_specific), "on link 2");
    BOOST_TEST(next(witness).text() == "on link 2");
    BOOST_TEST(is_empty(sub));
}

BOOST_AUTO_TEST_CASE(what_the_kernel_lets_through_from_another_link_is_counted_as_filtered)
{
    auto sub = adopted(right, hearing_on("e1", ipv6.any_source));
    auto witness = joined(right, hearing_on("e2", ipv6.any_source));
    send(left, sending_on("e2", ipv6.any_source), "on link 2");
    next(witness);
    BOOST_TEST(is_empty(sub));
    BOOST_TEST(sub.counters().filtered == 1U);
    BOOST_TEST(sub.counters().packets == 0U);
    BOOST_TEST(witness.counters().filtered == 0U);
}

BOOST_AUTO_TEST_CASE(a_receive_waits_on_through_foreign_datagrams)
{
    auto sub = adopted(right, hearing_on("e1", ipv6.any_source));
    auto witness = joined(right, hearing_on("e2", ipv6.any_source));
    auto pending = asio::co_spawn(context, sub.recv(), asio::use_future);
    auto pub = opened(left, sending_on("e2", ipv6.any_source));
    for (int i = 0; i < 150; ++i)
        test::run(context, pub.send(asio::buffer("foreign", 7)));
    test::run_until(context, [&] { return sub.counters().filtered == 150; });
    BOOST_TEST(!test::is_ready(pending));
    send(left, sending_on("e1", ipv6.any_source), "own");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "own");
}

BOOST_AUTO_TEST_CASE(try_recv_gives_up_on_a_flood_of_foreign_datagrams_without_calling_it_empty)
{
    auto sub = adopted(right, hearing_on("e1", ipv6.any_source));
    auto witness = joined(right, hearing_on("e2", ipv6.any_source));
    auto pub = opened(left, sending_on("e2", ipv6.any_source));
    for (int i = 0; i < 100; ++i)
        test::run(context, pub.send(asio::buffer("foreign", 7)));
    for (int i = 0; i < 100; ++i)
        next(witness);
    error_code ec = error::malformed;
    BOOST_TEST(!sub.try_recv(ec).has_value());
    BOOST_TEST(!ec.failed());
    BOOST_TEST(!sub.try_recv(ec).has_value());
    BOOST_TEST(ec == asio::error::would_block);
}

BOOST_AUTO_TEST_CASE(one_subscription_hears_several_links_and_tells_which)
{
    for (auto const& group :
         {ipv4.any_source, ipv6.any_source, net::group(address("ff12::1:1"), 5000)}) {
        auto config = hearing_on("e1", group);
        config.interfaces.emplace_back("e2");
        auto sub = joined(right, config);
        for (auto const* link : {"e1", "e2"}) {
            send(left, sending_on(link, group), link);
            auto const seen = next(sub);
            BOOST_TEST(seen.text() == link);
            BOOST_TEST(seen.metadata.interface_index == index_of(right, link));
        }
        BOOST_TEST(is_empty(sub));
    }
}

BOOST_AUTO_TEST_CASE(unicast_and_other_groups_on_the_port_are_not_taken_for_the_group)
{
    net::group const group(address("ff12::1:1"), 5000);
    net::group const other(address("ff12::1:2"), 5000);
    auto config = hearing_on("e1", group);
    config.interfaces.emplace_back("e2");
    auto sub = joined(right, config);
    auto witness = joined(right, hearing_on("e1", other));
    auto unicast = sending_on("e1", group);
    unicast.replies = true;
    auto pub = opened(left, unicast);
    error_code ec;
    pub.try_send_to({address("fd09:1::2"), 5000}, asio::buffer("unicast", 7), ec);
    BOOST_TEST(!ec.failed());
    send(left, sending_on("e1", other), "for the other");
    next(witness);
    BOOST_TEST(is_empty(sub));
    send(left, sending_on("e1", group), "own");
    BOOST_TEST(next(sub).text() == "own");
}

BOOST_AUTO_TEST_CASE(a_link_without_an_ipv4_address_is_heard_by_name)
{
    right.ip("addr flush dev e2 scope global");
    auto sub = joined(right, hearing_on("e2", ipv4.any_source));
    send(left, sending_on("e2", ipv4.any_source), "hello");
    BOOST_TEST(next(sub).metadata.interface_index == index_of(right, "e2"));
}

BOOST_AUTO_TEST_CASE(the_route_to_the_group_chooses_the_link_where_none_is_named)
{
    right.ip("route add 239.0.0.0/8 dev e2");
    auto sub = joined(right, subscription_config::any_source(ipv4.any_source));
    BOOST_REQUIRE(sub.interfaces().size() == 1U);
    BOOST_TEST(sub.interfaces().front().name == "e2");
    send(left, sending_on("e2", ipv4.any_source), "hello");
    BOOST_TEST(next(sub).text() == "hello");
}

BOOST_AUTO_TEST_CASE(an_interface_that_was_replaced_is_joined_anew)
{
    auto sub = joined(right, hearing_on("e1", ipv6.any_source));
    auto const old = sub.interfaces().front().index;
    right.ip("link del e1");
    test::join_by_cable(1, {left, "e1", 1}, {right, "e1", 2});
    right.within([&] {
        sub.leave();
        sub.join();
    });
    BOOST_TEST(sub.interfaces().front().index != old);
    send(left, sending_on("e1", ipv6.any_source), "hello");
    BOOST_TEST(next(sub).text() == "hello");
}

BOOST_AUTO_TEST_CASE(drops_on_an_earlier_socket_are_still_counted)
{
    net::group const group(address("ff12::1:1"), 5000);
    auto config = hearing_on("e1", group);
    config.receive_buffer = 4096;
    auto sub = joined(right, config);
    for (std::uint64_t round = 1; round <= 2; ++round) {
        auto pub = opened(left, sending_on("e1", group));
        error_code ec;
        for (int i = 0; i < 100; ++i)
            pub.try_send(asio::buffer("flood", 5), ec);
        while (sub.try_recv(ec)) {
        }
        pub.try_send(asio::buffer("one more", 8), ec);
        BOOST_TEST(next(sub).text() == "one more");
        BOOST_TEST(sub.counters().packets + sub.counters().dropped == round * 101);
        right.ip("link del e1");
        test::join_by_cable(1, {left, "e1", 1}, {right, "e1", 2});
        right.within([&] {
            sub.leave();
            sub.join();
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receive_limits, *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(an_interface_too_many_for_an_adopted_socket_leaves_nothing_joined)
{
    network_namespace const host;
    auto const interfaces = give_interfaces(host, 21);
    asio::io_context context;
    auto config = subscription_config::any_source(ipv4.any_source);
    config.interfaces = interfaces;
    host.within([&] {
        auto sub = test::adopt_fresh_socket(context, config);
        error_code ec;
        sub.join(ec);
        BOOST_TEST(ec == rollcast::error::too_many_memberships);
        BOOST_TEST(!sub.is_joined());
        // 239.1.1.1, as the kernel prints it.
        BOOST_TEST(contents("/proc/thread-self/net/igmp").find("010101EF") == std::string::npos);
        sub.leave(ec);
        BOOST_TEST(ec == error::not_joined);
    });
}

BOOST_AUTO_TEST_CASE(twenty_ipv4_and_more_ipv6_interfaces_can_be_joined)
{
    network_namespace const host;
    auto const interfaces = give_interfaces(host, 25);
    asio::io_context context;
    auto config = subscription_config::any_source(ipv6.any_source);
    config.interfaces = interfaces;
    subscription many(context.get_executor(), config);
    config.group = ipv4.any_source;
    config.interfaces.resize(20);
    subscription twenty(context.get_executor(), config);
    host.within([&] {
        many.join();
        twenty.join();
        BOOST_TEST(contents("/proc/thread-self/net/igmp").find("010101EF") != std::string::npos);
    });
    BOOST_TEST(many.interfaces().size() == 25U);
    BOOST_TEST(twenty.interfaces().size() == 20U);
}

BOOST_AUTO_TEST_SUITE_END()
