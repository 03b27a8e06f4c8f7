// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

// What hosts tell of datagrams that had left: a kernel tells the next call, which has tried
// nothing.

using namespace rollcast;
using test::ipv4;
using test::ipv6;

namespace {

using bytes = std::vector<unsigned char>;

void append(bytes& to, asio::ip::address const& address)
{
    if (address.is_v4())
        for (auto const each : address.to_v4().to_bytes())
            to.push_back(each);
    else
        for (auto const each : address.to_v6().to_bytes())
            to.push_back(each);
}

void append_u16(bytes& to, unsigned value)
{
    to.push_back(static_cast<unsigned char>(value >> 8));
    to.push_back(static_cast<unsigned char>(value));
}

/// The beginning of a datagram that has left, as a host quotes it.
bytes quoted(asio::ip::udp::endpoint const& from, asio::ip::udp::endpoint const& to)
{
    bytes all = from.address().is_v4() ? bytes{0x45, 0, 0, 28, 0, 0, 0, 0, 1, IPPROTO_UDP, 0, 0}
                                       : bytes{0x60, 0, 0, 0, 0, 8, IPPROTO_UDP, 1};
    append(all, from.address());
    append(all, to.address());
    append_u16(all, from.port());
    append_u16(all, to.port());
    append_u16(all, 8);
    append_u16(all, 0);
    return all;
}

/// For ICMP; of ICMPv6 the kernel knows it.
void add_checksum(bytes& message)
{
    unsigned sum = 0;
    for (std::size_t i = 0; i + 1 < message.size(); i += 2)
        sum += message[i] * 256U + message[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~((sum & 0xffff) + (sum >> 16));
    message[2] = static_cast<unsigned char>(sum >> 8);
    message[3] = static_cast<unsigned char>(sum);
}

/// The left host sends, and the right one complains.
struct complaining : test::two_hosts {
    void complain(publication const& of, unsigned char type, unsigned char code, unsigned mtu = 0)
    {
        auto const source = of.local_endpoint();
        bool const v4 = source.address().is_v4();
        bytes message{type, code, 0, 0, 0, 0};
        append_u16(message, mtu);
        auto const quote = quoted(source, of.destination());
        message.insert(message.end(), quote.begin(), quote.end());
        if (v4)
            add_checksum(message);
        right.within([&] {
            auto const raw = ::socket(v4 ? AF_INET : AF_INET6, SOCK_RAW,
                                      v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6});
            asio::ip::udp::endpoint const to(source.address(), 0);
            auto const sent = ::sendto(raw, message.data(), message.size(), 0, to.data(),
                                       static_cast<socklen_t>(to.size()));
            ::close(raw);
            BOOST_TEST_REQUIRE(sent == static_cast<ssize_t>(message.size()));
        });
        pollfd waiting{of.native_handle(), 0, 0};
        BOOST_TEST_REQUIRE(::poll(&waiting, 1, 5000) == 1);
    }

    void complain_that_nobody_listens(publication const& of)
    {
        if (of.config().group.address.is_v4())
            complain(of, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH);
        else
            complain(of, ICMP6_DST_UNREACH, ICMP6_DST_UNREACH_NOPORT);
    }
};

std::array<asio::const_buffer, 64> many()
{
    std::array<asio::const_buffer, 64> all;
    all.fill(asio::buffer("hello", 5));
    return all;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_network_errors, complaining,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(a_complaint_about_an_earlier_datagram_costs_no_later_one)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        auto pub = opened(left, test::sending_on("e1", group));
        auto sub = joined(right, test::hearing_on("e1", group));
        complain_that_nobody_listens(pub);
        error_code ec;
        pub.try_send(asio::buffer("one"), ec);
        BOOST_TEST(!ec, ec.message());
        complain_that_nobody_listens(pub);
        auto const all = many();
        auto const report = test::run(context, pub.send_batch(all));
        BOOST_TEST(report.packets == all.size());
        BOOST_TEST(report.failures.size() == 0U);
        complain_that_nobody_listens(pub);
        test::run(context, pub.send(asio::buffer("last")));
        BOOST_TEST(pub.counters().packets == 66U);
        BOOST_TEST(pub.counters().errors == 0U);
        BOOST_TEST(pub.counters().network_errors == 3U);
        for (std::size_t i = 0; i < 66; ++i)
            next(sub);
    }
}

BOOST_AUTO_TEST_CASE(a_complaint_beside_send_times_costs_no_later_one_either)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        auto config = test::sending_on("e1", group);
        config.send_times = net::time_source::kernel;
        auto pub = opened(left, config);
        auto const all = many();
        for (int i = 0; i < 20; ++i) { // a look, every ten milliseconds, would hear it before
            error_code ec;
            pub.try_send(asio::buffer("one"), ec);
            BOOST_TEST(!ec, ec.message());
            complain_that_nobody_listens(pub);
            BOOST_TEST(pub.try_send_batch(all).failures.empty());
        }
        BOOST_TEST(pub.counters().errors == 0U);
        BOOST_TEST(pub.counters().network_errors == 20U);
    }
}

BOOST_AUTO_TEST_CASE(who_complained_of_what_can_be_read)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        auto pub = opened(left, test::sending_on("e1", group));
        BOOST_TEST(!pub.try_network_error().has_value());
        complain_that_nobody_listens(pub);
        auto const told = pub.try_network_error();
        BOOST_TEST_REQUIRE(told.has_value());
        BOOST_TEST(told->error == asio::error::connection_refused);
        BOOST_TEST(told->destination.address() == group.address);
        BOOST_TEST(told->destination.port() == group.port);
        BOOST_TEST(told->reporter != pub.local_endpoint().address());
        BOOST_TEST(!told->reporter.is_unspecified());
        BOOST_TEST(told->mtu == 0U);
        BOOST_TEST(!pub.try_network_error().has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_link_that_cannot_carry_a_datagram_tells_what_it_can)
{
    auto pub = opened(left, test::sending_on("e1", ipv6.any_source));
    complain(pub, ICMP6_PACKET_TOO_BIG, 0, 1400);
    auto const report = test::run(context, pub.send_batch(many()));
    BOOST_TEST(report.packets == 64U);
    auto const told = pub.try_network_error();
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->error == asio::error::message_size);
    BOOST_TEST(told->mtu == 1400U);
}

BOOST_AUTO_TEST_CASE(what_nobody_reads_is_kept_up_to_a_bound)
{
    auto pub = opened(left, test::sending_on("e1", ipv4.any_source));
    for (int i = 0; i < 40; ++i) {
        complain_that_nobody_listens(pub);
        error_code ec;
        pub.try_send(asio::buffer("x", 1), ec);
        BOOST_TEST(!ec, ec.message());
    }
    std::size_t kept = 0;
    while (pub.try_network_error())
        ++kept;
    BOOST_TEST(kept == 32U);
    BOOST_TEST(pub.counters().network_errors == 40U);
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_what_the_network_tells)
{
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        auto pub = opened(left, test::sending_on("e1", group));
        auto pending = asio::co_spawn(context, pub.network_error_told(), asio::use_future);
        test::run_ready(context);
        complain_that_nobody_listens(pub);
        auto const told = test::result_of(context, std::move(pending));
        BOOST_TEST(told.error == asio::error::connection_refused);
        BOOST_TEST(told.destination == pub.destination());
        complain_that_nobody_listens(pub);
        BOOST_TEST(test::run(context, pub.network_error_told()).error ==
                   asio::error::connection_refused);
        BOOST_TEST(!pub.try_network_error().has_value());
    }
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_also_of_what_a_send_has_noticed)
{
    auto pub = opened(left, test::sending_on("e1", ipv4.any_source));
    auto pending = asio::co_spawn(context, pub.network_error_told(), asio::use_future);
    test::run_ready(context);
    complain_that_nobody_listens(pub);
    error_code ec;
    pub.try_send(asio::buffer("takes what the kernel kept"), ec);
    BOOST_TEST(!ec);
    BOOST_TEST(test::result_of(context, std::move(pending)).error ==
               asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(nothing_is_told_to_one_that_hears_replies)
{
    auto config = test::sending_on("e1", ipv4.any_source);
    config.replies = true;
    auto pub = opened(left, config);
    BOOST_TEST(test::failure_of([&] { test::run(context, pub.network_error_told()); }) ==
               asio::error::operation_not_supported);
}

BOOST_AUTO_TEST_SUITE_END()
