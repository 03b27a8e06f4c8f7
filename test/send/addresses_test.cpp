// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <future>
#include <optional>
#include <string>

using namespace rollcast;
using test::address;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::sending_on;

namespace {

/// The left host, whose address on link 1 goes and comes.
struct readdressed_host : test::two_hosts {
    struct addresses {
        net::group group;
        char const* old_one;
        char const* new_one;
        char const* old_prefix;
        char const* new_prefix;
        char const* route;
    };

    addresses const v4{ipv4.any_source, "10.9.1.1",     "10.9.1.77",
                       "10.9.1.1/24",   "10.9.1.77/32", "route add 239.0.0.0/8 dev e1"};
    addresses const v6{ipv6.any_source, "fd09:1::1",
                       "fd09:1::77",    "fd09:1::1/64",
                       "fd09:1::77/64", "ip -6 route add multicast ff15::/16 dev e1 table local"};

    void add(char const* prefix) const { left.ip("addr add " + on_e1(prefix)); }
    void remove(char const* prefix) const { left.ip("addr del " + on_e1(prefix)); }

    /// So that the route to the group stays, the new one comes before the old one goes.
    void replace(addresses const& of) const
    {
        add(of.new_prefix);
        remove(of.old_prefix);
    }

    static std::string on_e1(char const* prefix)
    {
        std::string const text(prefix);
        return text + " dev e1" + (text.find(':') == std::string::npos ? "" : " nodad");
    }

    error_code try_to_send(publication& pub) const
    {
        error_code ec;
        pub.try_send(asio::buffer("hello", 5), ec);
        return ec;
    }

    void leaves_from(publication& pub, subscription& sub, asio::ip::udp::endpoint const& expected);
    void the_source_is_followed(addresses const& of, net::network_interface const& interface);
    void sending_alone_finds_the_new_source(addresses const& of);
    void a_configured_source_stays(addresses const& of);
    void who_hears_answers_hears_them_at_the_new_one(addresses const& of, bool waits,
                                                     bool at_any_address);
};

void readdressed_host::leaves_from(publication& pub, subscription& sub,
                                   asio::ip::udp::endpoint const& expected)
{
    error_code ec;
    auto const report = pub.try_send(asio::buffer("hello", 5), ec);
    BOOST_TEST(!ec.failed(), ec.message());
    BOOST_TEST(report.source == expected);
    BOOST_TEST(next(sub).source == expected);
}

void readdressed_host::the_source_is_followed(addresses const& of,
                                              net::network_interface const& interface)
{
    auto sub = joined(right, hearing_on("e1", of.group));
    auto pub = opened(left, sending_on(interface, of.group));
    auto const before = pub.local_endpoint();
    BOOST_TEST(before.address() == address(of.old_one));
    leaves_from(pub, sub, before);
    replace(of);
    asio::ip::udp::endpoint const after(address(of.new_one), before.port());
    BOOST_TEST(pub.announce_tuple().source == after.address());
    BOOST_TEST(pub.local_endpoint() == after);
    leaves_from(pub, sub, after);
}

void readdressed_host::sending_alone_finds_the_new_source(addresses const& of)
{
    auto sub = joined(right, hearing_on("e1", of.group));
    auto pub = opened(left, sending_on("e1", of.group));
    auto const port = pub.local_endpoint().port();
    replace(of);
    leaves_from(pub, sub, {address(of.new_one), port});
}

void readdressed_host::a_configured_source_stays(addresses const& of)
{
    auto sub = joined(right, hearing_on("e1", of.group));
    auto config = sending_on("e1", of.group);
    config.source = address(of.old_one);
    auto pub = opened(left, config);
    auto const source = pub.local_endpoint();
    replace(of);
    BOOST_TEST(try_to_send(pub).failed());
    BOOST_TEST(pub.local_endpoint() == source);
    BOOST_TEST(pub.announce_tuple().source == source.address());
    add(of.old_prefix);
    leaves_from(pub, sub, source);
}

void readdressed_host::who_hears_answers_hears_them_at_the_new_one(addresses const& of, bool waits,
                                                                   bool at_any_address)
{
    auto sub = joined(right, hearing_on("e1", of.group));
    auto config = sending_on("e1", of.group);
    config.replies = true;
    config.replies_at_any_address = at_any_address;
    auto pub = opened(left, config);
    std::array<char, 64> answer{};
    std::optional<std::future<reply>> pending;
    if (waits)
        pending = asio::co_spawn(context, pub.recv_reply(asio::buffer(answer)), asio::use_future);
    test::run_ready(context);
    asio::ip::udp::endpoint const after(address(of.new_one), pub.local_endpoint().port());
    replace(of);
    left.within([&] {
        BOOST_TEST(pub.announce_tuple().source == after.address());
        leaves_from(pub, sub, after);
    });
    auto other = right.within([&] { return asio::ip::udp::socket(context, after.protocol()); });
    other.send_to(asio::buffer("an answer", 9), after);
    if (!pending)
        pending = asio::co_spawn(context, pub.recv_reply(asio::buffer(answer)), asio::use_future);
    BOOST_TEST(test::result_of(context, std::move(*pending)).bytes == 9U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_addresses, readdressed_host,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_new_ipv4_source_is_told_and_used_where_the_interface_is_named)
{
    the_source_is_followed(v4, "e1");
}

BOOST_AUTO_TEST_CASE(a_new_ipv6_source_is_told_and_used_where_the_interface_is_named)
{
    the_source_is_followed(v6, "e1");
}

BOOST_AUTO_TEST_CASE(a_new_ipv4_source_is_told_and_used_where_the_route_chooses)
{
    left.ip(v4.route);
    the_source_is_followed(v4, {});
}

BOOST_AUTO_TEST_CASE(a_new_ipv6_source_is_told_and_used_where_the_route_chooses)
{
    left.command(v6.route);
    the_source_is_followed(v6, {});
}

BOOST_AUTO_TEST_CASE(a_new_ipv4_source_is_found_by_sending_alone)
{
    sending_alone_finds_the_new_source(v4);
}

BOOST_AUTO_TEST_CASE(who_hears_answers_follows_addresses_too)
{
    for (bool const waits : {false, true})
        for (bool const at_any_address : {false, true}) {
            readdressed_host().who_hears_answers_hears_them_at_the_new_one(v4, waits,
                                                                           at_any_address);
            readdressed_host().who_hears_answers_hears_them_at_the_new_one(v6, waits,
                                                                           at_any_address);
        }
}

BOOST_AUTO_TEST_CASE(who_only_answers_follows_addresses_too)
{
    auto config = sending_on("e1", ipv4.any_source);
    config.replies = true;
    auto pub = opened(left, config);
    auto const port = pub.local_endpoint().port();
    remove(v4.old_prefix);
    add("10.9.1.77/24"); // with its subnet, or there is no way to the other host
    auto other = right.within([&] { return asio::ip::udp::socket(context, asio::ip::udp::v4()); });
    other.bind({asio::ip::udp::v4(), 0});
    asio::ip::udp::endpoint const there(address("10.9.1.2"), other.local_endpoint().port());
    error_code ec;
    left.within([&] { pub.try_send_to(there, asio::buffer("hello", 5), ec); });
    BOOST_TEST_REQUIRE(!ec.failed(), ec.message());
    asio::ip::udp::endpoint from;
    std::array<char, 16> into{};
    BOOST_TEST(other.receive_from(asio::buffer(into), from) == 5U);
    BOOST_TEST(from == asio::ip::udp::endpoint(address(v4.new_one), port));
}

BOOST_AUTO_TEST_CASE(a_batch_of_one_who_hears_answers_finds_the_new_source)
{
    auto config = sending_on("e1", ipv4.any_source);
    config.replies = true;
    auto pub = opened(left, config);
    auto const port = pub.local_endpoint().port();
    replace(v4);
    std::array const payloads{asio::const_buffer("one", 3), asio::const_buffer("two", 3)};
    auto const report = left.within([&] { return pub.try_send_batch(payloads); });
    BOOST_TEST(report.packets == 2U);
    BOOST_TEST(report.source == asio::ip::udp::endpoint(address(v4.new_one), port));
}

// As a source-specific receiver expects it that is told that address.
BOOST_AUTO_TEST_CASE(an_interface_that_is_named_by_an_address_is_left_from_that)
{
    add("10.9.1.50/24");
    add("fd09:1::50/64");
    auto const link = std::to_string(index_of(left, "e1"));
    for (auto const& [name, group] : {std::pair{std::string("10.9.1.50"), ipv4.source_specific},
                                      std::pair{std::string("fd09:1::50"), ipv6.source_specific},
                                      std::pair{"fe80::1:1%" + link, ipv6.source_specific}}) {
        BOOST_TEST_CONTEXT(name)
        {
            auto const source = name.substr(0, name.find('%'));
            auto sub = joined(right, hearing_on("e1", group, source.c_str()));
            for (bool const replies : {false, true}) {
                auto config = sending_on(net::network_interface(name), group);
                config.replies = replies;
                auto pub = opened(left, config);
                auto const own = pub.announce_tuple().source;
                BOOST_TEST(own.to_string().starts_with(source));
                error_code ec;
                pub.try_send(asio::buffer("hello", 5), ec);
                BOOST_TEST(!ec, ec.message());
                BOOST_TEST(next(sub).source.address().to_string().starts_with(source));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_batch_finds_the_new_source_too)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    auto const port = pub.local_endpoint().port();
    replace(v4);
    std::array const payloads{asio::const_buffer("one", 3), asio::const_buffer("two", 3)};
    auto const report = pub.try_send_batch(payloads);
    BOOST_TEST(report.packets == 2U);
    BOOST_TEST(report.failures.empty());
    asio::ip::udp::endpoint const expected(address(v4.new_one), port);
    BOOST_TEST(report.source == expected);
    for (auto const* text : {"one", "two"}) {
        auto const seen = next(sub);
        BOOST_TEST(seen.text() == text);
        BOOST_TEST(seen.source == expected);
    }
}

BOOST_AUTO_TEST_CASE(without_any_ipv4_address_sending_fails_until_there_is_one)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto pub = opened(left, sending_on("e1", ipv4.any_source));
    auto const source = pub.local_endpoint();
    remove(v4.old_prefix);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(try_to_send(pub).failed());
    (void)pub.local_endpoint();
    BOOST_TEST(try_to_send(pub).failed());
    add(v4.old_prefix);
    leaves_from(pub, sub, source);
    remove(v4.old_prefix);
    BOOST_TEST(try_to_send(pub).failed());
    add(v4.new_prefix);
    leaves_from(pub, sub, {address(v4.new_one), source.port()});
}

BOOST_AUTO_TEST_CASE(a_configured_ipv4_source_stays_and_sending_fails_while_it_is_gone)
{
    a_configured_source_stays(v4);
}

// Linux goes on sending from an IPv6 address that is gone; then the report has to tell the truth.
BOOST_AUTO_TEST_CASE(a_configured_ipv6_source_stays_and_the_report_tells_the_truth_while_it_is_gone)
{
    auto sub = joined(right, hearing_on("e1", ipv6.any_source));
    auto config = sending_on("e1", ipv6.any_source);
    config.source = address(v6.old_one);
    auto pub = opened(left, config);
    remove(v6.old_prefix);
    BOOST_TEST(pub.announce_tuple().source == address(v6.old_one));
    error_code ec;
    auto const report = pub.try_send(asio::buffer("who", 3), ec);
    if (!ec)
        BOOST_TEST(next(sub).source == report.source);
}

BOOST_AUTO_TEST_SUITE_END()
