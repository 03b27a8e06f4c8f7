// SPDX-License-Identifier: BSL-1.0
#include "send/narrow_link.hpp"
#include "support/printing.hpp"
#include "support/two_hosts.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <optional>
#include <string>

using namespace rollcast;
using test::address;
using test::hearing_on;
using test::ipv4;
using test::ipv6;
using test::narrow_link;
using test::network_namespace;
using test::sending_on;
using test::two_hosts;

namespace {

struct sending_wire : two_hosts {
    void the_interface_is_honoured(net::group const& group);
    void loopback_is_honoured(net::group const& group);
    void a_hop_limit_of_0_stays_on_the_host(net::group const& group);
};

void sending_wire::the_interface_is_honoured(net::group const& group)
{
    for (auto const* link : {"e1", "e2"}) {
        auto sub = joined(right, hearing_on(link, group));
        send(left, sending_on(link, group), link);
        BOOST_TEST(next(sub).text() == link);
    }
}

void sending_wire::loopback_is_honoured(net::group const& group)
{
    auto here = joined(left, hearing_on("e1", group));
    auto there = joined(right, hearing_on("e1", group));
    auto config = sending_on("e1", group);
    config.loopback = false;
    send(left, config, "there only");
    BOOST_TEST(next(there).text() == "there only");
    BOOST_TEST(is_empty(here));
    config.loopback = true;
    auto const report = send(left, config, "everywhere");
    BOOST_TEST(next(there).text() == "everywhere");
    auto const heard_here = next(here);
    BOOST_TEST(heard_here.text() == "everywhere");
    BOOST_TEST(heard_here.source == report.source);
    BOOST_TEST(heard_here.metadata.interface_index == index_of(left, "e1"));
}

void sending_wire::a_hop_limit_of_0_stays_on_the_host(net::group const& group)
{
    auto here = joined(left, hearing_on("e1", group));
    auto there = joined(right, hearing_on("e1", group));
    auto config = sending_on("e1", group);
    config.hop_limit = 0;
    send(left, config, "for this host");
    config.hop_limit = 1;
    send(left, config, "for the link");
    BOOST_TEST(next(here).text() == "for this host");
    BOOST_TEST(next(there).text() == "for the link");
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_wire, sending_wire,
                         *boost::unit_test::precondition(test::can_make_namespaces))

BOOST_AUTO_TEST_CASE(datagrams_leave_by_the_interface_named)
{
    the_interface_is_honoured(ipv4.any_source);
    the_interface_is_honoured(ipv6.any_source);
    the_interface_is_honoured(net::group(address("ff12::1:1"), 5000));
}

BOOST_AUTO_TEST_CASE(an_ipv4_source_alone_chooses_the_link)
{
    auto sub = joined(right, hearing_on("e2", ipv4.any_source));
    auto config = sending_on({}, ipv4.any_source);
    config.source = address("10.9.2.1");
    send(left, config, "hello");
    BOOST_TEST(next(sub).source.address() == address("10.9.2.1"));
}

BOOST_AUTO_TEST_CASE(an_ipv6_source_alone_chooses_the_link)
{
    for (auto const* source : {"fd09:2::1", "fe80::2:1"}) {
        auto sub = joined(right, hearing_on("e2", ipv6.any_source));
        auto config = sending_on({}, ipv6.any_source);
        config.source = address(source);
        send(left, config, "hello");
        auto const bytes = next(sub).source.address().to_v6().to_bytes();
        BOOST_TEST(bytes == address(source).to_v6().to_bytes(), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_source_and_another_interface_go_together_in_ipv4)
{
    auto sub = joined(right, hearing_on("e1", ipv4.any_source));
    auto config = sending_on("e1", ipv4.any_source);
    config.source = address("10.9.1.1");
    send(left, config, "hello");
    BOOST_TEST(next(sub).source.address() == address("10.9.1.1"));
}

BOOST_AUTO_TEST_CASE(without_loopback_the_own_host_hears_nothing)
{
    loopback_is_honoured(ipv4.any_source);
    loopback_is_honoured(ipv6.any_source);
}

BOOST_AUTO_TEST_CASE(a_ttl_of_0_does_not_leave_the_host)
{
    a_hop_limit_of_0_stays_on_the_host(ipv4.any_source);
}

BOOST_AUTO_TEST_CASE(a_hop_limit_of_0_does_not_leave_the_host)
{
    a_hop_limit_of_0_stays_on_the_host(ipv6.any_source);
}

BOOST_AUTO_TEST_CASE(an_answer_crosses_the_wire_back)
{
    for (auto const& group :
         {ipv4.any_source, ipv6.any_source, net::group(address("ff12::1:1"), 5000)}) {
        auto sub = joined(right, hearing_on("e2", group));
        auto config = sending_on("e2", group);
        config.replies = true;
        auto asking = opened(left, config);
        auto answering = opened(right, config);
        test::run(context, asking.send(asio::buffer("who?", 4)));
        auto const question = next(sub);
        error_code ec;
        answering.try_send_to(question.source, asio::buffer("me", 2), ec);
        BOOST_TEST(!ec.failed());
        std::array<char, 16> answer{};
        auto const got = test::run(context, asking.recv_reply(asio::buffer(answer)));
        BOOST_TEST(std::string_view(answer.data(), got.bytes) == "me");
        BOOST_TEST(got.source.port() == answering.local_endpoint().port());
    }
}

BOOST_AUTO_TEST_CASE(the_announced_tuple_lets_another_host_subscribe)
{
    for (auto const& group : {ipv4.source_specific, ipv6.source_specific})
        for (bool const replies : {false, true}) {
            auto config = sending_on("e2", group);
            config.replies = replies;
            auto pub = opened(left, config);
            auto const flow = pub.announce_tuple();
            auto sub = joined(
                right, hearing_on("e2", {flow.group, flow.port}, flow.source.to_string().c_str()));
            auto const report = test::run(context, pub.send(asio::buffer("hello", 5)));
            auto const seen = next(sub);
            BOOST_TEST(seen.source.address() == flow.source);
            BOOST_TEST(seen.source == report.source);
        }
}

BOOST_AUTO_TEST_CASE(a_source_that_is_gone_makes_sending_fail_instead_of_lying)
{
    for (bool const replies : {false, true}) {
        auto config = sending_on("e1", ipv4.any_source);
        config.replies = replies;
        auto pub = opened(left, config);
        left.ip("addr del 10.9.1.1/24 dev e1");
        error_code ec;
        auto const report = pub.try_send(asio::buffer("hello", 5), ec);
        BOOST_TEST(ec.failed(), "sent as " << report.source);
        left.ip("addr add 10.9.1.1/24 dev e1");
    }
}

BOOST_AUTO_TEST_CASE(the_report_names_the_source_on_the_wire_also_after_an_address_is_gone)
{
    auto sub = joined(right, hearing_on("e1", ipv6.any_source));
    for (bool const replies : {false, true}) {
        auto config = sending_on("e1", ipv6.any_source);
        config.replies = replies;
        auto pub = opened(left, config);
        left.ip("addr del fd09:1::1/64 dev e1");
        error_code ec;
        auto const report = pub.try_send(asio::buffer("hello", 5), ec);
        left.ip("addr add fd09:1::1/64 dev e1 nodad");
        // To fail is honest too.
        if (ec)
            continue;
        auto const heard = next(sub).source;
        BOOST_TEST(heard.port() == report.source.port());
        // Each host numbers its links by itself.
        BOOST_TEST(
            (heard.address().to_v6().to_bytes() == report.source.address().to_v6().to_bytes()));
    }
}

BOOST_AUTO_TEST_CASE(a_wait_for_answers_does_not_hear_multicast)
{
    auto config = sending_on("e1", ipv4.any_source);
    config.replies = true;
    auto asking = opened(left, config);
    net::group const to_its_port(ipv4.any_source.address, asking.local_endpoint().port());
    // Any membership of the host would do; this one has the group, on another port.
    auto member = joined(left, hearing_on("e1", ipv4.any_source));
    send(right, sending_on("e1", to_its_port), "to all");
    send(right, sending_on("e1", ipv4.any_source), "witness");
    BOOST_TEST(next(member).text() == "witness");
    std::array<char, 16> answer{};
    auto pending =
        asio::co_spawn(context, asking.recv_reply(asio::buffer(answer)), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(pending));
}

BOOST_AUTO_TEST_CASE(an_interface_that_is_down_is_told)
{
    left.ip("link set e1 down");
    for (auto const& group : {ipv4.any_source, ipv6.any_source}) {
        publication pub(context.get_executor(), sending_on("e1", group));
        error_code ec;
        left.within([&] { pub.open(ec); });
        if (!ec)
            pub.try_send(asio::buffer("hello", 5), ec);
        BOOST_TEST(ec.failed(), to_string(group));
        BOOST_TEST(ec != error::no_multicast_route, to_string(group));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(send_back_pressure, narrow_link,
                         *boost::unit_test::precondition(test::can_limit_a_rate))

BOOST_AUTO_TEST_CASE(a_full_send_buffer_blocks_try_send_and_is_no_error)
{
    BOOST_TEST(fill() == asio::error::would_block);
    BOOST_TEST(pub->counters().errors == 0U);
}

BOOST_AUTO_TEST_CASE(a_send_waits_while_the_send_buffer_is_full)
{
    all_but_close();
    fill();
    asio::cancellation_signal never;
    auto pending = waiting(never);
    auto const sent = pub->counters().packets;
    open_again();
    BOOST_TEST(test::result_of(context, std::move(pending)).bytes == payload.size());
    BOOST_TEST(pub->counters().packets == sent + 1);
}

BOOST_AUTO_TEST_CASE(a_waiting_send_can_be_cancelled_and_has_then_sent_nothing)
{
    all_but_close();
    fill();
    auto const sent = pub->counters().packets;
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        asio::cancellation_signal stop;
        auto pending = waiting(stop);
        stop.emit(type);
        BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(pending)); }) ==
                   asio::error::operation_aborted);
    }
    BOOST_TEST(pub->counters().packets == sent);
    BOOST_TEST(pub->counters().errors == 0U);
}

BOOST_AUTO_TEST_CASE(destroying_the_publication_aborts_a_waiting_send)
{
    all_but_close();
    fill();
    asio::cancellation_signal never;
    auto pending = waiting(never);
    pub.reset();
    BOOST_TEST(test::failure_of([&] { test::result_of(context, std::move(pending)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()
