// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"
#include "support/without_capability.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace rollcast;
using test::address;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::network_namespace;
using test::sending_on;

namespace {

struct separate_links : test::two_hosts {
    /// So many sources on link 1, from 10.9.1.101 on; the left host has them all.
    std::vector<asio::ip::address> give_sources(unsigned count)
    {
        std::vector<asio::ip::address> sources;
        std::string lines;
        for (unsigned i = 0; i < count; ++i) {
            auto const text = "10.9.1." + std::to_string(101 + i);
            lines += "addr add " + text + "/24 dev e1\n";
            sources.push_back(asio::ip::make_address(text));
        }
        left.ip(lines);
        return sources;
    }

    void send_from(asio::ip::address const& source, net::group const& group)
    {
        auto config = sending_on("e1", group);
        config.source = source;
        send(left, config, source.to_string());
    }

    /// Whom it heard, in order of their addresses, once everybody has said something.
    std::vector<std::string> heard_of(subscription& sub,
                                      std::vector<asio::ip::address> const& sources)
    {
        for (auto const& each : sources)
            send_from(each, sub.config().group);
        std::vector<std::string> heard;
        error_code ec;
        while (auto const seen = sub.try_recv(ec))
            heard.emplace_back(seen->text());
        std::ranges::sort(heard);
        return heard;
    }

    static std::vector<std::string> texts(std::vector<asio::ip::address> const& addresses)
    {
        std::vector<std::string> all;
        for (auto const& each : addresses)
            all.push_back(each.to_string());
        std::ranges::sort(all);
        return all;
    }

    void nothing_of_the_other_link_is_queued(net::group const& group);
};

void separate_links::nothing_of_the_other_link_is_queued(net::group const& group)
{
    auto config = hearing_on("e1", group);
    config.receive_buffer = 4096;
    auto sub = joined(right, config);
    auto other = joined(right, hearing_on("e2", group));
    for (int i = 0; i < 200; ++i)
        send(left, sending_on("e2", group), "for the other");
    send(left, sending_on("e1", group), "for us");
    BOOST_TEST(next(sub).text() == "for us");
    BOOST_TEST(sub.counters().filtered == 0U);
    BOOST_TEST(sub.counters().dropped == 0U);
}

/// A host with pairs of interfaces, as a machine has that hosts many containers.
struct many_interfaces {
    explicit many_interfaces(unsigned count)
    {
        std::string lines;
        for (unsigned i = 0; i < count; ++i) {
            auto const number = std::to_string(i);
            lines += "link add m" + number + " type veth peer name p" + number + "\nlink set m" +
                     number + " up\nlink set p" + number + " up\naddr add 10.8." + number +
                     ".1/24 dev p" + number + "\n";
            names.emplace_back("m" + number);
        }
        host.ip(lines);
        // Both ends are here, so that all that comes in is from an address of this host.
        host.command("sysctl -q -w net.ipv4.conf.all.accept_local=1 net.ipv4.conf.all.rp_filter=0");
    }

    void say(std::string const& link)
    {
        auto config = sending_on(net::network_interface("p" + link), ipv4.any_source);
        host.within([&] {
            publication pub(context.get_executor(), config);
            test::run(context, pub.send(asio::buffer(link)));
        });
    }

    network_namespace host;
    asio::io_context context;
    std::vector<net::network_interface> names;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_links, separate_links,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(what_floods_another_link_takes_no_room_of_ours)
{
    for (auto const& group :
         {ipv4.any_source, ipv6.any_source, net::group(address("ff12::1:1"), 5000)})
        nothing_of_the_other_link_is_queued(group);
}

BOOST_AUTO_TEST_CASE(more_sources_than_a_socket_takes_are_each_heard_once)
{
    auto const sources = give_sources(25);
    auto config = hearing_on("e1", ipv4.source_specific);
    config.sources = sources;
    auto sub = joined(right, config);
    BOOST_TEST(heard_of(sub, sources) == texts(sources), boost::test_tools::per_element());
    BOOST_TEST(sub.counters().filtered == 0U);
}

BOOST_AUTO_TEST_CASE(a_source_beyond_what_a_socket_takes_is_added_and_dropped_while_somebody_waits)
{
    auto const sources = give_sources(12);
    auto config = hearing_on("e1", ipv4.source_specific);
    config.sources = {sources.begin(), sources.begin() + 10};
    auto sub = joined(right, config);
    auto pending = sub.recv(asio::use_future);
    test::run_ready(context);
    right.within([&] { sub.add_source(sources[10]); });
    send_from(sources[10], config.group);
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == sources[10].to_string());
    sub.drop_source(sources[10]);
    auto const left_over = texts(config.sources);
    BOOST_TEST(heard_of(sub, sources) == left_over, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(many_sources_on_a_port_that_is_not_shared_leave_it_unshared)
{
    auto const sources = give_sources(12);
    auto config = hearing_on("e1", ipv4.source_specific);
    config.sources = sources;
    config.sharing = port_sharing::none;
    auto sub = joined(right, config);
    BOOST_TEST(heard_of(sub, sources) == texts(sources), boost::test_tools::per_element());
    subscription other(context.get_executor(), hearing_on("e1", ipv4.source_specific, "10.9.1.1"));
    error_code ec;
    right.within([&] { other.join(ec); });
    BOOST_TEST(ec == asio::error::address_in_use);
}

BOOST_AUTO_TEST_CASE(many_sources_return_with_their_interface)
{
    auto const sources = give_sources(12);
    auto config = hearing_on("e1", ipv4.source_specific);
    config.sources = sources;
    auto sub = joined(right, config);
    right.ip("link del e1");
    test::join_by_cable(1, {left, "e1", 1}, {right, "e1", 2});
    give_sources(12);
    right.within([&] { BOOST_TEST(is_empty(sub)); });
    BOOST_TEST(heard_of(sub, sources) == texts(sources), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_may_not_bind_a_socket_to_another_interface_gets_another_socket)
{
    for (auto const sharing : {port_sharing::multicast, port_sharing::none}) {
        auto const sources = give_sources(12);
        auto config = hearing_on("e1", ipv4.source_specific);
        config.sources = sources;
        config.sharing = sharing;
        right.within([&] {
            test::without_capability const denied(CAP_NET_RAW);
            auto sub = joined(right, config);
            auto pending = sub.recv(asio::use_future);
            test::run_ready(context);
            right.ip("link del e1");
            test::join_by_cable(1, {left, "e1", 1}, {right, "e1", 2});
            give_sources(12);
            test::run_until(context, [&] { return sub.is_joined(); });
            send_from(sources.back(), config.group);
            BOOST_TEST(test::result_of(context, std::move(pending)).text() ==
                       sources.back().to_string());
            BOOST_TEST(heard_of(sub, sources) == texts(sources), boost::test_tools::per_element());
        });
        left.ip("addr flush dev e1 scope global\naddr add 10.9.1.1/24 dev e1");
    }
}

BOOST_AUTO_TEST_CASE(more_than_the_system_can_block_are_blocked)
{
    auto const sources = give_sources(15);
    auto config = hearing_on("e1", ipv4.any_source);
    config.blocked = {sources.begin(), sources.begin() + 13};
    auto sub = joined(right, config);
    sub.block_source(sources[13]);
    BOOST_TEST(heard_of(sub, sources) == texts({sources[14]}), boost::test_tools::per_element());
    sub.unblock_source(sources[13]);
    BOOST_TEST(heard_of(sub, sources) == texts({sources[13], sources[14]}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_membership_that_the_system_has_dropped_is_lost_and_joined_again)
{
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", ipv6.any_source));
        right.ip("link set e1 mtu 1000");
        auto const lost = test::run(context, sub.membership_changed());
        BOOST_TEST(to_string(lost.change) == "lost");
        BOOST_TEST(lost.interface == "e1");
        BOOST_TEST(!sub.is_joined());
        right.ip("link set e1 mtu 1500\naddr add fd09:1::2/64 dev e1 nodad");
        auto const rejoined = test::run(context, sub.membership_changed());
        BOOST_TEST(to_string(rejoined.change) == "rejoined");
        BOOST_TEST(sub.is_joined());
        send(left, sending_on("e1", ipv6.any_source), "again");
        BOOST_TEST(next(sub).text() == "again");
    });
}

BOOST_AUTO_TEST_CASE(a_receive_that_waits_is_told_of_a_membership_that_came_again)
{
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", ipv6.any_source));
        auto pending = sub.recv(asio::use_future);
        test::run_ready(context);
        right.ip("link set e1 mtu 1000\nlink set e1 mtu 1500\naddr add fd09:1::2/64 dev e1 nodad");
        test::run_until(context, [&] { return sub.try_membership_changed().has_value(); });
        send(left, sending_on("e1", ipv6.any_source), "again");
        BOOST_TEST(test::result_of(context, std::move(pending)).text() == "again");
    });
}

BOOST_AUTO_TEST_CASE(where_no_interface_was_named_the_membership_goes_where_the_route_goes)
{
    for (auto const* group : {"239.1.1.1:5000", "[ff15::1:1]:5000"}) {
        std::string const family = group[0] == '[' ? "-6 " : "";
        std::string const all = group[0] == '[' ? "table local multicast ff15::/16" : "239.0.0.0/8";
        right.command("ip " + family + "route add " + all + " dev e1");
        right.within([&] {
            auto config = subscription_config::any_source(test::group(group));
            auto sub = joined(right, config);
            BOOST_TEST(sub.interfaces().front().name == "e1");
            auto pending = sub.recv(asio::use_future);
            test::run_ready(context);
            right.command("ip " + family + "route replace " + all + " dev e2");
            auto const moved = test::run(context, sub.membership_changed());
            BOOST_TEST(to_string(moved.change) == "moved");
            BOOST_TEST(moved.interface == "e2");
            BOOST_REQUIRE(sub.interfaces().size() == 1U);
            BOOST_TEST(sub.interfaces().front().name == "e2");
            send(left, sending_on("e1", config.group), "old link");
            send(left, sending_on("e2", config.group), "new link");
            BOOST_TEST(test::result_of(context, std::move(pending)).text() == "new link");
        });
        right.command("ip " + family + "route del " + all + " dev e2");
    }
}

BOOST_AUTO_TEST_CASE(an_address_that_moves_to_a_bridge_takes_the_membership_along)
{
    right.command("ip route add default via 10.9.1.1 dev e1");
    right.within([&] {
        auto sub = joined(right, subscription_config::any_source(ipv4.any_source));
        BOOST_TEST(sub.interfaces().front().name == "e1");
        right.ip("link add br0 type bridge\nlink set br0 up\nlink set e1 master br0\n"
                 "addr del 10.9.1.2/24 dev e1\naddr add 10.9.1.2/24 dev br0");
        right.command("ip route add default via 10.9.1.1 dev br0");
        auto const moved = test::run(context, sub.membership_changed());
        BOOST_TEST(to_string(moved.change) == "moved");
        BOOST_TEST(moved.interface == "br0");
        send(left, sending_on("e1", ipv4.any_source), "over the bridge");
        auto const seen = next(sub);
        BOOST_TEST(seen.text() == "over the bridge");
        BOOST_TEST(seen.metadata.interface_index == index_of(right, "br0"));
    });
}

BOOST_AUTO_TEST_CASE(while_no_route_leads_anywhere_the_membership_stays)
{
    right.command("ip route add 239.0.0.0/8 dev e1");
    right.within([&] {
        auto sub = joined(right, subscription_config::any_source(ipv4.any_source));
        right.command("ip route del 239.0.0.0/8 dev e1");
        BOOST_TEST(!sub.try_membership_changed().has_value());
        BOOST_TEST(sub.interfaces().front().name == "e1");
        send(left, sending_on("e1", ipv4.any_source), "still");
        BOOST_TEST(next(sub).text() == "still");
    });
}

BOOST_AUTO_TEST_CASE(a_named_interface_is_kept_whatever_routes_say)
{
    right.command("ip route add 239.0.0.0/8 dev e1");
    right.within([&] {
        auto sub = joined(right, hearing_on("e1", ipv4.any_source));
        right.command("ip route replace 239.0.0.0/8 dev e2");
        BOOST_TEST(!sub.try_membership_changed().has_value());
        BOOST_TEST(sub.interfaces().front().name == "e1");
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(receive_many_interfaces,
                      *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_group_on_more_interfaces_than_a_socket_takes_is_heard_once_on_each)
{
    many_interfaces all(25);
    auto config = subscription_config::any_source(ipv4.any_source);
    config.interfaces = all.names;
    subscription sub(all.context.get_executor(), config);
    all.host.within([&] { sub.join(); });
    BOOST_TEST(sub.interfaces().size() == 25U);
    for (unsigned i = 0; i < 25; ++i) {
        all.say(std::to_string(i));
        BOOST_TEST(test::run(all.context, sub.recv()).text() == std::to_string(i));
    }
    BOOST_TEST(test::two_hosts::is_empty(sub));
}

BOOST_AUTO_TEST_SUITE_END()
