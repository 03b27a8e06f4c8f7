// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <rollcast/send.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <future>
#include <string>

using namespace rollcast;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::sending_on;

namespace {

/// The left host, whose ways out come and go.
struct ways_out : test::two_hosts {
    void unplug(char const* link) const { right.ip(std::string("link set ") + link + " down"); }
    void plug_in(char const* link) const { right.ip(std::string("link set ") + link + " up"); }

    error_code try_to_send(publication& pub, std::string_view text) const
    {
        error_code ec;
        pub.try_send(asio::buffer(text), ec);
        return ec;
    }

    egress_event next_event(publication& pub)
    {
        auto pending = asio::co_spawn(context, pub.egress_changed(), asio::use_future);
        return test::result_of(context, std::move(pending));
    }

    void expect(egress_event const& seen, egress_change change, char const* interface)
    {
        BOOST_TEST(seen.change == change);
        BOOST_TEST(seen.interface == interface);
        BOOST_TEST(seen.missed == 0U);
    }

    void what_cannot_leave_is_not_sent(publication_config const& config);
    void a_route_is_followed(publication_config const& config, std::string const& family,
                             std::string const& destination);
    void an_interface_that_returns_is_used_again(publication_config const& config);
};

void ways_out::what_cannot_leave_is_not_sent(publication_config const& config)
{
    left.within([&] {
        auto pub = opened(left, config);
        BOOST_TEST(!try_to_send(pub, "before"));
        unplug("e1");
        expect(next_event(pub), egress_change::lost, "e1");
        BOOST_TEST(try_to_send(pub, "lost") == asio::error::network_down);
        std::array<asio::const_buffer, 3> const batch{asio::buffer("a", 1), asio::buffer("a", 1),
                                                      asio::buffer("bb", 2)};
        auto const report = pub.try_send_batch(batch);
        BOOST_TEST(report.packets == 0U);
        BOOST_TEST(report.next == 3U);
        BOOST_REQUIRE(report.failures.size() == 3U);
        BOOST_TEST(report.failures[2].error == asio::error::network_down);
        BOOST_TEST(pub.counters().packets == 1U);
        BOOST_TEST(pub.counters().errors == 4U);
        plug_in("e1");
        expect(next_event(pub), egress_change::restored, "e1");
        BOOST_TEST(!try_to_send(pub, "after"));
        BOOST_TEST(pub.counters().egress_changes == 2U);
        right.ip("addr add fd09:1::2/64 dev e1 nodad\naddr add fe80::1:2/64 dev e1 nodad");
    });
}

void ways_out::a_route_is_followed(publication_config const& config, std::string const& family,
                                   std::string const& destination)
{
    auto const& group = config.group;
    left.command("ip " + family + " route add " + destination + " dev e1");
    left.within([&] {
        auto pub = opened(left, config);
        auto on_1 = joined(right, hearing_on("e1", group));
        auto on_2 = joined(right, hearing_on("e2", group));
        BOOST_TEST(!try_to_send(pub, "by e1"));
        BOOST_TEST(next(on_1).text() == "by e1");
        left.command("ip " + family + " route replace " + destination + " dev e2");
        auto const moved = next_event(pub);
        expect(moved, egress_change::moved, "e2");
        BOOST_TEST(!try_to_send(pub, "by e2"));
        auto const heard = next(on_2);
        BOOST_TEST(heard.text() == "by e2");
        BOOST_TEST(heard.source == moved.source);
        BOOST_TEST(is_empty(on_1));
    });
    left.command("ip " + family + " route del " + destination + " dev e2");
}

void ways_out::an_interface_that_returns_is_used_again(publication_config const& config)
{
    left.within([&] {
        auto pub = opened(left, config);
        auto const port = pub.local_endpoint().port();
        left.ip("link del e1");
        BOOST_TEST(try_to_send(pub, "nowhere").failed());
        expect(next_event(pub), egress_change::lost, "e1");
        test::join_by_cable(1, {left, "e1", 1}, {right, "e1", 2});
        expect(next_event(pub), egress_change::restored, "e1");
        auto sub = joined(right, hearing_on("e1", config.group));
        auto const ec = try_to_send(pub, "again");
        BOOST_TEST(!ec, ec.message());
        auto const heard = next(sub);
        BOOST_TEST(heard.text() == "again");
        BOOST_TEST(heard.source.port() == port);
    });
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_egress, ways_out,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(what_cannot_leave_for_want_of_a_cable_is_not_told_as_sent)
{
    for (bool const replies : {false, true}) {
        for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
            auto config = sending_on("e1", group);
            config.replies = replies;
            what_cannot_leave_is_not_sent(config);
        }
    }
}

BOOST_AUTO_TEST_CASE(sending_alone_finds_that_nothing_leaves)
{
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    BOOST_TEST(!try_to_send(pub, "before"));
    unplug("e1");
    test::poll_until([&] { return try_to_send(pub, "lost") == asio::error::network_down; });
    plug_in("e1");
    test::poll_until([&] { return !try_to_send(pub, "after"); });
    BOOST_TEST(to_string(pub.try_egress_event()->change) == "lost");
    BOOST_TEST(to_string(pub.try_egress_event()->change) == "restored");
    BOOST_TEST(!pub.try_egress_event().has_value());
}

BOOST_AUTO_TEST_CASE(sending_batches_alone_finds_it_as_well)
{
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    std::array<asio::const_buffer, 1> const batch{asio::buffer("a", 1)};
    BOOST_TEST(pub.try_send_batch(batch).packets == 1U);
    unplug("e1");
    test::poll_until([&] { return !pub.try_send_batch(batch).failures.empty(); });
    plug_in("e1");
    test::poll_until([&] { return pub.try_send_batch(batch).packets == 1U; });
}

BOOST_AUTO_TEST_CASE(a_link_that_is_dead_at_the_start_is_told)
{
    unplug("e1");
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    test::poll_until([&] {
        return left.within([&] { return try_to_send(pub, "lost"); }) == asio::error::network_down;
    });
    expect(*pub.try_egress_event(), egress_change::lost, "e1");
}

BOOST_AUTO_TEST_CASE(who_is_on_this_host_hears_what_cannot_leave)
{
    auto sub = joined(left, hearing_on("e1", ipv4.any_source));
    auto config = sending_on("e1", ipv4.any_source);
    auto pub = opened(left, config);
    config.hop_limit = 0;
    auto local = opened(left, config);
    unplug("e1");
    expect(next_event(pub), egress_change::lost, "e1");
    expect(next_event(local), egress_change::lost, "e1");
    BOOST_TEST(try_to_send(pub, "for all") == asio::error::network_down);
    BOOST_TEST(next(sub).text() == "for all");
    BOOST_TEST(!try_to_send(local, "for this host"));
    BOOST_TEST(next(sub).text() == "for this host");
}

BOOST_AUTO_TEST_CASE(where_no_interface_was_named_datagrams_go_where_the_route_goes)
{
    for (bool const replies : {false, true}) {
        for (bool const at_any_address : {false, true}) {
            publication_config config;
            config.replies = replies;
            config.replies_at_any_address = at_any_address;
            config.group = ipv4.any_source;
            a_route_is_followed(config, "", "239.0.0.0/8");
            config.group = ipv6.any_source;
            a_route_is_followed(config, "-6", "table local multicast ff15::/16");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_default_route_by_another_link_is_followed_while_sending)
{
    left.command("ip route add default via 10.9.1.2 dev e1 metric 100");
    publication_config config;
    config.group = ipv4.any_source;
    auto pub = opened(left, config);
    auto sub = joined(right, hearing_on("e2", ipv4.any_source));
    BOOST_TEST(!try_to_send(pub, "by e1"));
    left.command("ip route add default via 10.9.2.2 dev e2 metric 200");
    left.ip("link set e1 down");
    left.within([&] {
        test::poll_until([&] {
            (void)try_to_send(pub, "by e2");
            return !is_empty(sub);
        });
        expect(next_event(pub), egress_change::moved, "e2");
        auto const before = sub.counters().packets;
        for (int i = 0; i < 10; ++i)
            BOOST_TEST(!try_to_send(pub, "by e2"));
        while (!is_empty(sub)) {
        }
        BOOST_TEST(sub.counters().packets >= before + 10);
    });
}

BOOST_AUTO_TEST_CASE(an_interface_that_is_replaced_is_used_again)
{
    for (bool const replies : {false, true}) {
        for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
            auto config = sending_on("e1", group);
            config.replies = replies;
            an_interface_that_returns_is_used_again(config);
            config.interface = net::network_interface(index_of(left, "e1"));
            an_interface_that_returns_is_used_again(config);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_leaves_from_a_source_leaves_by_its_link_whatever_routes_say)
{
    left.command("ip route add 239.0.0.0/8 dev e1");
    left.within([&] {
        publication_config config;
        config.group = ipv4.any_source;
        config.source = asio::ip::make_address("10.9.2.1");
        auto pub = opened(left, config);
        auto sub = joined(right, hearing_on("e2", ipv4.any_source));
        unplug("e1");
        for (int i = 0; i < 5; ++i) {
            BOOST_TEST(!pub.try_egress_event().has_value()); // which looks anew
            BOOST_TEST(!try_to_send(pub, "by e2"));
            BOOST_TEST(next(sub).text() == "by e2");
        }
        unplug("e2");
        expect(next_event(pub), egress_change::lost, "e2");
    });
}

BOOST_AUTO_TEST_CASE(a_named_interface_is_kept_whatever_routes_say)
{
    left.command("ip route add 239.0.0.0/8 dev e1");
    left.within([&] {
        auto pub = opened(left, sending_on("e1", ipv4.any_source));
        left.command("ip route replace 239.0.0.0/8 dev e2");
        BOOST_TEST(!pub.try_egress_event().has_value());
        auto sub = joined(right, hearing_on("e1", ipv4.any_source));
        BOOST_TEST(!try_to_send(pub, "by e1"));
        BOOST_TEST(next(sub).text() == "by e1");
    });
}

BOOST_AUTO_TEST_CASE(closing_ends_a_wait_for_what_becomes_of_the_way_out)
{
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    auto egress = asio::co_spawn(context, pub.egress_changed(), asio::use_future);
    auto network = asio::co_spawn(context, pub.network_error_told(), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(test::failure_of([&] { test::run(context, pub.egress_changed()); }) ==
               error::receive_in_progress);
    pub.close();
    BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(egress)); }) ==
               asio::error::operation_aborted);
    BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(network)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()
