// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>

using namespace rollcast;
using namespace asio::experimental::awaitable_operators;
using test::address;
using test::hearing;
using test::ipv4;
using test::ipv6;
using test::sending;

namespace {

struct loopback {
    asio::io_context context;

    publication make(publication_config const& config)
    {
        return publication(context.get_executor(), config);
    }

    subscription joined(subscription_config const& config)
    {
        subscription sub(context.get_executor(), config);
        sub.join();
        return sub;
    }

    send_report send(publication& pub, std::string_view text)
    {
        return test::run(context, pub.send(asio::buffer(text)));
    }

    packet next(subscription& sub) { return test::run(context, sub.recv()); }

    static std::size_t queued(subscription& sub)
    {
        std::size_t count = 0;
        error_code ec;
        while (sub.try_recv(ec))
            ++count;
        return count;
    }

    void the_report_is_what_the_receiver_saw(test::family const& version, bool replies);
    void every_hop_limit_arrives(test::family const& version);
    void a_hop_limit_changes_between_sends(test::family const& version);
    void source_and_port_are_honoured(test::family const& version);
};

error_code open(publication& pub)
{
    error_code ec;
    pub.open(ec);
    return ec;
}

void loopback::the_report_is_what_the_receiver_saw(test::family const& version, bool replies)
{
    auto sub = joined(hearing(version.any_source));
    auto config = sending(version.any_source);
    config.replies = replies;
    auto pub = make(config);
    auto const report = send(pub, "hello");
    auto const seen = next(sub);
    BOOST_TEST(report.bytes == 5U);
    BOOST_TEST(report.destination == version.any_source.endpoint());
    BOOST_TEST(report.source == seen.source);
    BOOST_TEST(report.source.address() == version.loopback);
    BOOST_TEST(report.source.port() != 0);
    BOOST_TEST(pub.local_endpoint() == report.source);
    BOOST_TEST(pub.counters().packets == 1U);
    BOOST_TEST(pub.counters().bytes == 5U);
    BOOST_TEST(pub.counters().errors == 0U);
}

void loopback::every_hop_limit_arrives(test::family const& version)
{
    auto sub = joined(hearing(version.any_source));
    for (int const hop_limit : {0, 1, 2, 64, 255}) {
        auto config = sending(version.any_source);
        config.hop_limit = hop_limit;
        auto pub = make(config);
        send(pub, "hello");
        BOOST_TEST((next(sub).metadata.hop_limit == hop_limit), hop_limit);
    }
}

void loopback::a_hop_limit_changes_between_sends(test::family const& version)
{
    auto sub = joined(hearing(version.any_source));
    auto config = sending(version.any_source);
    config.hop_limit = 2;
    for (bool const replies : {false, true}) {
        config.replies = replies;
        auto pub = make(config);
        pub.set_hop_limit(3); // before it is open, too
        for (int const hop_limit : {3, 0, 255}) {
            if (hop_limit != 3)
                pub.set_hop_limit(hop_limit);
            send(pub, "hello");
            BOOST_TEST((next(sub).metadata.hop_limit == hop_limit), hop_limit);
            BOOST_TEST(pub.config().hop_limit == hop_limit);
        }
        error_code ec;
        pub.set_hop_limit(256, ec);
        BOOST_TEST(ec == error::invalid_hop_limit);
        BOOST_CHECK_EXCEPTION(
            pub.set_hop_limit(-1), boost::system::system_error, [](auto const& problem) {
                return std::string(problem.what()).find("-1") != std::string::npos;
            });
        send(pub, "hello");
        BOOST_TEST((next(sub).metadata.hop_limit == 255));
    }
}

void loopback::source_and_port_are_honoured(test::family const& version)
{
    auto sub = joined(hearing(version.any_source));
    auto config = sending(version.any_source);
    config.source = version.loopback;
    config.source_port = 40000;
    for (bool const replies : {false, true}) {
        config.replies = replies;
        auto pub = make(config);
        asio::ip::udp::endpoint const expected(version.loopback, 40000);
        BOOST_TEST(send(pub, "hello").source == expected);
        BOOST_TEST(next(sub).source == expected);
    }
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_publication, loopback,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_new_publication_has_opened_nothing)
{
    auto pub = make(sending(ipv4.any_source));
    BOOST_TEST(!pub.is_open());
    BOOST_TEST(pub.config().group == ipv4.any_source);
    BOOST_TEST((pub.get_executor() == asio::any_io_executor(context.get_executor())));
}

BOOST_AUTO_TEST_CASE(opening_twice_changes_nothing)
{
    auto pub = make(sending(ipv4.any_source));
    pub.open();
    auto const source = pub.local_endpoint();
    pub.open();
    BOOST_TEST(pub.is_open());
    BOOST_TEST(pub.local_endpoint() == source);
    BOOST_TEST(source.port() != 0);
}

BOOST_AUTO_TEST_CASE(an_invalid_configuration_opens_no_socket_and_is_told_by_every_call)
{
    auto config = sending(ipv4.any_source);
    config.hop_limit = 256;
    auto pub = make(config);
    BOOST_TEST(open(pub) == error::invalid_hop_limit);
    BOOST_TEST(test::failure_of([&] { pub.open(); }) == error::invalid_hop_limit);
    BOOST_TEST(test::failure_of([&] { send(pub, "x"); }) == error::invalid_hop_limit);
    error_code ec;
    BOOST_TEST(pub.try_send(asio::buffer("x"), ec).bytes == 0U);
    BOOST_TEST(ec == error::invalid_hop_limit);
    BOOST_TEST(!pub.is_open());
}

BOOST_AUTO_TEST_CASE(the_report_of_an_ipv4_send_is_what_the_receiver_saw)
{
    the_report_is_what_the_receiver_saw(ipv4, false);
    the_report_is_what_the_receiver_saw(ipv4, true);
}

BOOST_AUTO_TEST_CASE(every_ttl_from_0_to_255_arrives)
{
    every_hop_limit_arrives(ipv4);
}

BOOST_AUTO_TEST_CASE(the_ttl_may_change_between_two_datagrams)
{
    a_hop_limit_changes_between_sends(ipv4);
}

BOOST_AUTO_TEST_CASE(an_ipv4_source_address_and_port_are_honoured)
{
    source_and_port_are_honoured(ipv4);
}

BOOST_AUTO_TEST_CASE(a_second_address_of_the_interface_may_be_the_source)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto config = sending(ipv4.any_source);
    config.source = address("127.0.0.2");
    auto pub = make(config);
    send(pub, "hello");
    BOOST_TEST(next(sub).source.address() == address("127.0.0.2"));
}

BOOST_AUTO_TEST_CASE(the_interface_may_be_named_in_any_way)
{
    auto sub = joined(hearing(ipv4.any_source));
    for (net::network_interface const& interface :
         {net::network_interface("lo"), net::network_interface("1"),
          net::network_interface("127.0.0.1"), net::network_interface(1U)}) {
        auto config = sending(ipv4.any_source);
        config.interface = interface;
        auto pub = make(config);
        send(pub, "hello");
        BOOST_TEST(next(sub).source.address() == ipv4.loopback, to_string(interface));
    }
}

BOOST_AUTO_TEST_CASE(an_ipv4_source_alone_chooses_its_interface)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto config = sending(ipv4.any_source);
    config.interface = {};
    config.source = ipv4.loopback;
    auto pub = make(config);
    send(pub, "hello");
    BOOST_TEST(next(sub).metadata.interface_index == 1U);
}

BOOST_AUTO_TEST_CASE(a_source_port_that_is_taken_is_in_use)
{
    auto config = sending(ipv4.any_source);
    config.source_port = 40000;
    auto first = make(config);
    first.open();
    auto second = make(config);
    BOOST_TEST(open(second) == asio::error::address_in_use);
    BOOST_TEST(!second.is_open());
    first = make(sending(ipv4.any_source));
    BOOST_TEST(open(second) == error_code{});
}

BOOST_AUTO_TEST_CASE(an_empty_datagram_is_sent)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto pub = make(sending(ipv4.any_source));
    BOOST_TEST(test::run(context, pub.send(asio::const_buffer())).bytes == 0U);
    BOOST_TEST(next(sub).payload.empty());
    BOOST_TEST(pub.counters().packets == 1U);
}

BOOST_AUTO_TEST_CASE(a_payload_over_the_limit_is_refused_and_counted)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto pub = make(sending(ipv4.any_source));
    std::string const large(max_payload + 1, 'x');
    BOOST_TEST(test::failure_of([&] { send(pub, large); }) == error::payload_too_large);
    BOOST_TEST(pub.counters().errors == 1U);
    BOOST_TEST(pub.counters().packets == 0U);
    BOOST_TEST(send(pub, std::string_view(large).substr(1)).bytes == max_payload);
    BOOST_TEST(next(sub).payload.size() == max_payload);
}

BOOST_AUTO_TEST_CASE(try_send_sends_at_once)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto pub = make(sending(ipv4.any_source));
    error_code ec = error::malformed;
    auto const report = pub.try_send(asio::buffer("hello", 5), ec);
    BOOST_TEST(!ec.failed());
    BOOST_TEST(report.destination == ipv4.any_source.endpoint());
    BOOST_TEST(queued(sub) == 1U);
}

BOOST_AUTO_TEST_CASE(every_form_of_completion_sends_once)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto pub = make(sending(ipv4.any_source));
    auto const payload = asio::buffer("hello", 5);
    std::size_t bytes = 0;
    pub.send(payload, [&](error_code, send_report const& report) { bytes = report.bytes; });
    test::run_until(context, [&] { return bytes != 0; });
    auto future = pub.send(payload, asio::use_future);
    BOOST_TEST(test::result_of(context, std::move(future)).bytes == 5U);
    test::run(context, [&]() -> asio::awaitable<void> {
        auto const [ec, report] = co_await pub.send(payload, asio::as_tuple(asio::deferred));
        BOOST_TEST(!ec.failed());
        BOOST_TEST(report.bytes == 5U);
    });
    BOOST_TEST(queued(sub) == 3U);
}

BOOST_AUTO_TEST_CASE(a_loop_of_sends_lets_others_run)
{
    auto pub = make(sending(ipv4.any_source));
    int sent = 0;
    std::optional<int> sent_when_posted;
    test::run(context, [&]() -> asio::awaitable<void> {
        asio::post(context, [&] { sent_when_posted = sent; });
        for (; sent < 500; ++sent)
            co_await pub.send(asio::buffer("x", 1));
    });
    BOOST_REQUIRE(sent_when_posted.has_value());
    BOOST_TEST(*sent_when_posted < 500);
}

BOOST_AUTO_TEST_CASE(a_send_that_another_operation_beat_has_sent_nothing)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto pub = make(sending(ipv4.any_source));
    auto const first = test::run(context, [&]() -> asio::awaitable<std::size_t> {
        auto const either = co_await (asio::post(context, asio::use_awaitable) ||
                                      pub.send(asio::buffer("hello", 5)));
        co_return either.index();
    });
    BOOST_TEST(first == 0U);
    BOOST_TEST(queued(sub) == 0U);
}

BOOST_AUTO_TEST_CASE(a_send_that_starts_after_the_publication_is_gone_is_aborted)
{
    std::optional<publication> pub(make(sending(ipv4.any_source)));
    auto late = pub->send(asio::buffer("x", 1));
    pub.reset();
    BOOST_TEST(test::failure_of([&] { test::run(context, std::move(late)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(the_announced_tuple_is_what_a_source_specific_receiver_needs)
{
    auto pub = make(sending(ipv4.source_specific));
    pub.open();
    auto const flow = pub.announce_tuple();
    BOOST_TEST(flow.source == ipv4.loopback);
    BOOST_TEST(flow.group == ipv4.source_specific.address);
    BOOST_TEST(flow.port == ipv4.source_specific.port);
    auto sub = joined(hearing({flow.group, flow.port}, flow.source));
    send(pub, "hello");
    BOOST_TEST(next(sub).text() == "hello");
}

BOOST_AUTO_TEST_CASE(the_announced_tuple_is_concrete_also_where_nothing_was_bound)
{
    auto config = sending(ipv4.any_source);
    config.replies = true;
    auto pub = make(config);
    pub.open();
    BOOST_TEST(pub.announce_tuple().source == ipv4.loopback);
}

BOOST_AUTO_TEST_CASE(a_moved_publication_goes_on)
{
    auto sub = joined(hearing(ipv4.any_source));
    auto first = make(sending(ipv4.any_source));
    first.open();
    auto const source = first.local_endpoint();
    publication second(std::move(first));
    BOOST_TEST(send(second, "hello").source == source);
    BOOST_TEST(next(sub).source == source);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(send_publication_ipv6, loopback,
                         *boost::unit_test::precondition(test::loopback_carries_ipv6))

BOOST_AUTO_TEST_CASE(the_report_of_an_ipv6_send_is_what_the_receiver_saw)
{
    the_report_is_what_the_receiver_saw(ipv6, false);
    the_report_is_what_the_receiver_saw(ipv6, true);
}

BOOST_AUTO_TEST_CASE(the_hop_limit_may_change_between_two_datagrams)
{
    a_hop_limit_changes_between_sends(ipv6);
}

BOOST_AUTO_TEST_CASE(every_hop_limit_from_0_to_255_arrives)
{
    every_hop_limit_arrives(ipv6);
}

BOOST_AUTO_TEST_CASE(an_ipv6_source_address_and_port_are_honoured)
{
    source_and_port_are_honoured(ipv6);
}

BOOST_AUTO_TEST_CASE(a_link_local_group_is_reached_with_its_scope)
{
    for (bool const replies : {false, true}) {
        net::group const group(address("ff12::1:1"), 5000);
        auto sub = joined(hearing(group));
        auto config = sending(group);
        config.replies = replies;
        auto pub = make(config);
        BOOST_TEST(send(pub, "hello").destination.address() == address("ff12::1:1%lo"));
        BOOST_TEST(next(sub).text() == "hello");
    }
}

BOOST_AUTO_TEST_CASE(a_scope_on_a_wider_group_chooses_the_interface_and_is_then_dropped)
{
    auto sub = joined(hearing(ipv6.any_source));
    auto config = sending(net::group(address("ff15::1:1%1"), 5000));
    config.interface = {};
    auto pub = make(config);
    BOOST_TEST(send(pub, "hello").destination == ipv6.any_source.endpoint());
    BOOST_TEST(next(sub).text() == "hello");
}

BOOST_AUTO_TEST_SUITE_END()
