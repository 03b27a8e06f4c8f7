// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <string>

#include <linux/net_tstamp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace rollcast;
using test::address;
using test::hearing;
using test::ipv4;
using test::ipv6;
using test::sending;

namespace {

struct loopback {
    asio::io_context context;
    std::deque<subscription> subs;

    subscription& join(subscription_config const& config)
    {
        subs.emplace_back(context.get_executor(), config).join();
        return subs.back();
    }

    send_report send(publication_config const& config, std::string_view text)
    {
        publication pub(context.get_executor(), config);
        return test::run(context, pub.send(asio::buffer(text)));
    }

    send_report send(net::group const& group, std::string_view text)
    {
        return send(sending(group), text);
    }

    packet next(subscription& sub) { return test::run(context, sub.recv()); }

    static bool is_empty(subscription& sub)
    {
        error_code ec;
        bool const none = !sub.try_recv(ec).has_value();
        return none && ec == asio::error::would_block;
    }

    void hears_any_source(test::family const& version);
    void hears_the_source_only(test::family const& version, asio::ip::address const& other);
    void tells_the_metadata(test::family const& version);
};

bool tells_origin(subscription const& sub, int level, int option)
{
    int on = -1;
    socklen_t size = sizeof on;
    BOOST_TEST(::getsockopt(sub.native_handle(), level, option, &on, &size) == 0);
    return on != 0;
}

publication_config from(net::group const& group, asio::ip::address const& source)
{
    auto config = sending(group);
    config.source = source;
    return config;
}

void loopback::hears_any_source(test::family const& version)
{
    auto& sub = join(hearing(version.any_source));
    auto const report = send(version.any_source, "hello");
    auto const packet = next(sub);
    BOOST_TEST(packet.text() == "hello");
    BOOST_TEST(packet.source == report.source);
    BOOST_TEST(packet.source.address() == version.loopback);
    BOOST_TEST(packet.group == version.any_source);
    BOOST_TEST(!packet.truncated);
    BOOST_TEST(sub.counters().packets == 1U);
    BOOST_TEST(sub.counters().bytes == 5U);
}

void loopback::hears_the_source_only(test::family const& version, asio::ip::address const& other)
{
    auto& wanted = join(hearing(version.source_specific, version.loopback));
    auto& unwanted = join(hearing(version.source_specific, other));
    send(from(version.source_specific, version.loopback), "hello");
    BOOST_TEST(next(wanted).source.address() == version.loopback);
    BOOST_TEST(is_empty(wanted));
    BOOST_TEST(is_empty(unwanted));
}

void loopback::tells_the_metadata(test::family const& version)
{
    auto& sub = join(hearing(version.any_source));
    auto config = sending(version.any_source);
    config.hop_limit = 7;
    auto const before = std::chrono::system_clock::now();
    send(config, "hello");
    auto const metadata = next(sub).metadata;
    BOOST_TEST(metadata.interface_index == 1U);
    BOOST_TEST(metadata.dropped == 0U);
    BOOST_TEST((metadata.hop_limit == 7));
    BOOST_TEST((metadata.traffic_class == 0));
    BOOST_REQUIRE(metadata.received_at.has_value());
    // The kernel reads another clock source; a step of the system's clock must not fail the test.
    BOOST_TEST((std::chrono::abs(*metadata.received_at - before) < std::chrono::minutes(1)));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_delivery, loopback,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(an_ipv4_group_is_heard_from_any_source)
{
    hears_any_source(ipv4);
}

BOOST_AUTO_TEST_CASE(an_ipv4_source_specific_group_is_heard_from_its_source_only)
{
    hears_the_source_only(ipv4, address("127.0.0.2"));
    auto& second = join(hearing(ipv4.source_specific, address("127.0.0.2")));
    send(from(ipv4.source_specific, address("127.0.0.2")), "from the other");
    BOOST_TEST(next(second).source.address() == address("127.0.0.2"));
}

BOOST_AUTO_TEST_CASE(several_sources_are_heard_by_one_subscription)
{
    auto config = hearing(ipv4.source_specific);
    config.sources = {address("127.0.0.1"), address("127.0.0.3")};
    auto& sub = join(config);
    for (auto const* source : {"127.0.0.1", "127.0.0.2", "127.0.0.3"})
        send(from(ipv4.source_specific, address(source)), source);
    BOOST_TEST(next(sub).text() == "127.0.0.1");
    BOOST_TEST(next(sub).text() == "127.0.0.3");
    BOOST_TEST(is_empty(sub));
}

BOOST_AUTO_TEST_CASE(the_metadata_of_an_ipv4_datagram_is_told)
{
    tells_the_metadata(ipv4);
}

BOOST_AUTO_TEST_CASE(the_traffic_class_is_the_senders)
{
    auto& sub = join(hearing(ipv4.any_source));
    asio::ip::udp::socket sender(context, {ipv4.loopback, 0});
    int const expedited = 0xb8;
    BOOST_TEST_REQUIRE(::setsockopt(sender.native_handle(), IPPROTO_IP, IP_TOS, &expedited,
                                    sizeof expedited) == 0);
    sender.send_to(asio::buffer("x", 1), ipv4.any_source.endpoint());
    BOOST_TEST((next(sub).metadata.traffic_class == 0xb8));
}

BOOST_AUTO_TEST_CASE(metadata_that_was_not_asked_for_is_absent)
{
    auto config = hearing(ipv4.any_source);
    config.metadata = metadata_mask::none;
    auto& nothing = join(config);
    config.metadata = metadata_mask::receive_time | metadata_mask::hop_limit;
    auto& some = join(config);
    send(ipv4.any_source, "hello");
    auto const none = next(nothing).metadata;
    BOOST_TEST(!none.hop_limit.has_value());
    BOOST_TEST(!none.traffic_class.has_value());
    BOOST_TEST(!none.received_at.has_value());
    BOOST_TEST(none.interface_index == 1U);
    auto const two = next(some).metadata;
    BOOST_TEST(two.hop_limit.has_value());
    BOOST_TEST(!two.traffic_class.has_value());
    BOOST_TEST(two.received_at.has_value());
}

BOOST_AUTO_TEST_CASE(the_largest_and_the_smallest_datagram_arrive_whole)
{
    auto& sub = join(hearing(ipv4.any_source));
    std::string large(max_payload, 'x');
    large.back() = 'z';
    send(ipv4.any_source, large);
    auto const whole = next(sub);
    BOOST_TEST((whole.text() == large));
    BOOST_TEST(!whole.truncated);
    send(ipv4.any_source, "");
    BOOST_TEST(next(sub).payload.empty());
    BOOST_TEST(sub.counters().packets == 2U);
    BOOST_TEST(sub.counters().truncated == 0U);
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_payload_outlives_the_next_receive)
{
    auto& sub = join(hearing(ipv4.any_source));
    send(ipv4.any_source, "first");
    send(ipv4.any_source, "second");
    auto const kept = next(sub).copy();
    BOOST_TEST(next(sub).text() == "second");
    BOOST_TEST((packet{.payload = kept}.text() == "first"));
}

BOOST_AUTO_TEST_CASE(datagrams_come_in_the_order_they_were_sent)
{
    auto& sub = join(hearing(ipv4.any_source));
    publication pub(context.get_executor(), sending(ipv4.any_source));
    for (int i = 0; i < 100; ++i)
        test::run(context, pub.send(asio::buffer(std::to_string(i))));
    for (int i = 0; i < 100; ++i)
        BOOST_TEST(next(sub).text() == std::to_string(i));
}

BOOST_AUTO_TEST_CASE(a_group_another_subscription_joined_on_the_same_port_is_not_heard)
{
    auto& sub = join(hearing(ipv4.any_source));
    auto& other = join(hearing(ipv4.other_any_source));
    send(ipv4.other_any_source, "for the other");
    BOOST_TEST(next(other).text() == "for the other");
    BOOST_TEST(is_empty(sub));
    BOOST_TEST(sub.counters().packets == 0U);
}

BOOST_AUTO_TEST_CASE(unicast_to_the_port_is_left_to_those_it_is_meant_for)
{
    asio::ip::udp::socket service(context, asio::ip::udp::v4());
    service.set_option(asio::socket_base::reuse_address(true));
    service.bind({ipv4.loopback, ipv4.any_source.port});
    auto& sub = join(hearing(ipv4.any_source));
    asio::ip::udp::socket sender(context, {ipv4.loopback, 0});
    sender.send_to(asio::buffer("to the service", 14), service.local_endpoint());
    BOOST_TEST(is_empty(sub));
    std::array<char, 64> buffer;
    service.non_blocking(true);
    BOOST_TEST(service.receive(asio::buffer(buffer)) == 14U);
}

BOOST_AUTO_TEST_CASE(what_the_kernel_dropped_is_told_with_a_later_datagram)
{
    auto config = hearing(ipv4.any_source);
    config.receive_buffer = 4096;
    auto& sub = join(config);
    publication pub(context.get_executor(), sending(ipv4.any_source));
    int const sent = 500;
    for (int i = 0; i < sent; ++i)
        test::run(context, pub.send(asio::buffer("flood", 5)));
    std::uint64_t heard = 0;
    while (!is_empty(sub))
        ++heard;
    BOOST_TEST(heard < sent);
    test::run(context, pub.send(asio::buffer("one more", 8)));
    auto const last = next(sub);
    BOOST_TEST(last.text() == "one more");
    BOOST_TEST(last.metadata.dropped == sent - heard);
    BOOST_TEST(sub.counters().dropped == sent - heard);
    BOOST_TEST(sub.counters().packets == heard + 1);
}

BOOST_AUTO_TEST_CASE(the_routing_table_chooses_where_no_interface_is_named)
{
    auto config = hearing(ipv6.any_source);
    config.interfaces.clear();
    BOOST_TEST_REQUIRE(test::loopback_carries_ipv6(0));
    auto& sub = join(config);
    BOOST_TEST(sub.interfaces().front().name == "lo");
    send(ipv6.any_source, "hello");
    BOOST_TEST(next(sub).text() == "hello");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(receive_delivery_ipv6, loopback,
                         *boost::unit_test::precondition(test::loopback_carries_ipv6))

BOOST_AUTO_TEST_CASE(an_ipv6_group_is_heard_from_any_source)
{
    hears_any_source(ipv6);
}

BOOST_AUTO_TEST_CASE(an_ipv6_source_specific_group_is_heard_from_its_source_only)
{
    hears_the_source_only(ipv6, address("fd00::2"));
}

BOOST_AUTO_TEST_CASE(the_metadata_of_an_ipv6_datagram_is_told)
{
    tells_the_metadata(ipv6);
}

BOOST_AUTO_TEST_CASE(groups_of_every_scope_are_heard)
{
    for (auto const* text : {"ff11::1:1", "ff12::1:1", "ff15::1:1", "ff18::1:1", "ff1e::1:1"}) {
        net::group const group(address(text), 5000);
        auto& sub = join(hearing(group));
        send(group, "hello");
        auto const packet = next(sub);
        BOOST_TEST(packet.text() == "hello");
        BOOST_TEST(packet.group.address.to_v6().to_bytes() == group.address.to_v6().to_bytes(),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(the_scope_id_of_a_group_names_the_interface)
{
    auto config = hearing(net::group(address("ff12::1:1%lo"), 5000));
    config.interfaces.clear();
    auto& sub = join(config);
    BOOST_TEST(sub.interfaces().front().name == "lo");
    send(net::group(address("ff12::1:1%lo"), 5000), "hello");
    BOOST_TEST(next(sub).text() == "hello");
}

BOOST_AUTO_TEST_CASE(an_ipv6_group_another_subscription_joined_is_not_heard)
{
    auto& sub = join(hearing(ipv6.any_source));
    auto& other = join(hearing(ipv6.other_any_source));
    send(ipv6.other_any_source, "for the other");
    BOOST_TEST(next(other).text() == "for the other");
    BOOST_TEST(is_empty(sub));
}

BOOST_AUTO_TEST_CASE(the_largest_ipv6_datagram_arrives_whole)
{
    auto& sub = join(hearing(ipv6.any_source));
    std::string const large(max_payload, 'x');
    send(ipv6.any_source, large);
    auto const whole = next(sub);
    BOOST_TEST(whole.payload.size() == max_payload);
    BOOST_TEST(!whole.truncated);
}

BOOST_AUTO_TEST_CASE(options_that_somebody_sets_on_the_socket_cost_no_datagram)
{
    for (bool const adopted : {false, true}) {
        auto const config = test::hearing(ipv4.any_source);
        auto sub = adopted ? test::adopt_fresh_socket(context, config)
                           : subscription(context.get_executor(), config);
        sub.join();
        int const on = 1;
        int const times = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE;
        auto const socket = sub.native_handle();
        BOOST_TEST(::setsockopt(socket, IPPROTO_IP, IP_RECVORIGDSTADDR, &on, sizeof on) == 0);
        BOOST_TEST(::setsockopt(socket, IPPROTO_IP, IP_CHECKSUM, &on, sizeof on) == 0);
        BOOST_TEST(::setsockopt(socket, IPPROTO_IP, IP_RECVFRAGSIZE, &on, sizeof on) == 0);
        BOOST_TEST(::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &times, sizeof times) == 0);
        publication pub(context.get_executor(), test::sending(ipv4.any_source));
        for (int round = 0; round < 10; ++round) {
            test::run(context, pub.send(asio::buffer("hello", 5)));
            auto const seen = test::run(context, sub.recv());
            BOOST_TEST(seen.text() == "hello");
            BOOST_TEST(seen.group == ipv4.any_source);
            BOOST_TEST(seen.metadata.interface_index == ::if_nametoindex("lo"));
            if (round != 0)
                BOOST_TEST(seen.metadata.hop_limit.has_value());
        }
        BOOST_TEST(sub.counters().filtered == 0U);
    }
}

BOOST_AUTO_TEST_CASE(the_kernel_is_not_asked_what_a_socket_says_already)
{
    auto& bound = join(hearing(ipv4.any_source));
    BOOST_TEST(!tells_origin(bound, IPPROTO_IP, IP_PKTINFO));
    auto any = test::adopt_fresh_socket(context, hearing(ipv4.any_source));
    any.join();
    BOOST_TEST(tells_origin(any, IPPROTO_IP, IP_PKTINFO));
    send(ipv4.any_source, "hello");
    for (auto* each : {&bound, &any}) {
        auto const seen = next(*each);
        BOOST_TEST(seen.group == ipv4.any_source);
        BOOST_TEST(seen.metadata.interface_index == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
