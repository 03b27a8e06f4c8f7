// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

using namespace rollcast;
using test::buffers_of;
using test::ipv4;
using test::ipv6;
using test::numbered;
using test::sending;
using test::sizes;
using test::texts;

namespace {

sizes equal(std::size_t count, std::size_t size)
{
    return sizes(count, size);
}

/// Every way a batch can be cut into runs and calls.
std::vector<sizes> const shapes{
    equal(1, 100),
    equal(64, 100),
    equal(65, 100),
    equal(1000, 100),
    equal(100, 1472),
    equal(100, 1473),
    equal(3, max_payload),
    {100, 100, 40},
    {100, 40, 40, 100, 100},
    {10, 20, 20, 5, 30, 30, 30, 7, 7, 8},
    equal(3, 0),
    {0, 100, 100, 0, 100, 0, 0},
    {1, max_payload, 1, 1, max_payload, max_payload},
};

struct batches_on_lo {
    asio::io_context context;

    publication make(publication_config const& config)
    {
        return publication(context.get_executor(), config);
    }

    subscription joined(net::group const& group, bool coalesce = true)
    {
        auto config = test::hearing(group);
        config.coalesce = coalesce;
        config.receive_buffer = 4U << 20U;
        subscription sub(context.get_executor(), config);
        sub.join();
        return sub;
    }

    batch_report send(publication& pub, texts const& each)
    {
        auto const payloads = buffers_of(each);
        return test::run(context, pub.send_batch(payloads));
    }

    void arrives(test::family const& version, sizes const& shape, bool replies);

    void every_shape_arrives(test::family const& version, bool replies)
    {
        for (auto const& shape : shapes)
            arrives(version, shape, replies);
    }

    void the_others_go_out(sizes const& shape, sizes const& too_large);
};

void batches_on_lo::arrives(test::family const& version, sizes const& shape, bool replies)
{
    auto in_runs = joined(version.any_source);
    auto singly = joined(version.any_source, false);
    auto config = sending(version.any_source);
    config.replies = replies;
    auto pub = make(config);
    auto const sent = numbered(shape);
    auto const report = send(pub, sent);
    BOOST_TEST_CONTEXT(shape.size() << " payloads, the first of " << shape.front())
    {
        BOOST_TEST(report.packets == sent.size());
        BOOST_TEST(report.bytes == test::bytes_of(sent));
        BOOST_TEST(report.failures.empty());
        BOOST_TEST(!report.ended.failed());
        BOOST_TEST(report.next == sent.size());
        BOOST_TEST(report.source == pub.local_endpoint());
        BOOST_TEST(report.destination == version.any_source.endpoint());
        BOOST_TEST(pub.counters().packets == sent.size());
        BOOST_TEST(pub.counters().bytes == report.bytes);
        for (auto* const sub : {&in_runs, &singly}) {
            auto const heard = test::next_texts(context, *sub, sent.size());
            BOOST_TEST(test::sizes_of(heard) == shape, boost::test_tools::per_element());
            BOOST_TEST((heard == sent));
            BOOST_TEST(test::queued_texts(*sub).empty());
        }
    }
}

void batches_on_lo::the_others_go_out(sizes const& shape, sizes const& too_large)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(sending(ipv4.any_source));
    auto const sent = numbered(shape);
    auto const report = send(pub, sent);
    sizes refused;
    for (auto const& failure : report.failures) {
        BOOST_TEST(failure.error == error::payload_too_large);
        refused.push_back(failure.index);
    }
    BOOST_TEST(refused == too_large, boost::test_tools::per_element());
    BOOST_TEST(report.packets == shape.size() - too_large.size());
    BOOST_TEST(!report.ended.failed());
    BOOST_TEST(report.next == shape.size());
    BOOST_TEST(pub.counters().errors == too_large.size());
    texts good;
    for (auto const& text : sent)
        if (text.size() <= max_payload)
            good.push_back(text);
    BOOST_TEST((test::queued_texts(sub) == good));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_batch, batches_on_lo,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(single_datagrams_arrive_in_order)
{
    every_shape_arrives(ipv4, false);
}

BOOST_AUTO_TEST_CASE(so_they_do_from_a_publication_with_replies)
{
    every_shape_arrives(ipv4, true);
}

BOOST_AUTO_TEST_CASE(a_payload_too_large_is_named_and_the_others_go_out)
{
    auto const large = max_payload + 1;
    the_others_go_out({100, 100, large, 100, 100}, {2});
    the_others_go_out({large, 100}, {0});
    the_others_go_out({100, large}, {1});
    the_others_go_out({large}, {0});
    the_others_go_out({0, large, large, 50, 70, large}, {1, 2, 5});
}

BOOST_AUTO_TEST_CASE(no_payload_is_no_datagram)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(sending(ipv4.any_source));
    auto const report = send(pub, {});
    BOOST_TEST(report.packets == 0U);
    BOOST_TEST(report.next == 0U);
    BOOST_TEST(!report.ended.failed());
    BOOST_TEST(pub.try_send_batch({}).packets == 0U);
    BOOST_TEST(test::queued_texts(sub).empty());
}

BOOST_AUTO_TEST_CASE(try_send_batch_sends_at_once)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(sending(ipv4.any_source));
    for (auto const& shape : shapes) {
        auto const sent = numbered(shape);
        auto const report = pub.try_send_batch(buffers_of(sent));
        BOOST_TEST(report.packets == sent.size());
        BOOST_TEST(report.next == sent.size());
        BOOST_TEST(!report.ended.failed());
        BOOST_TEST((test::queued_texts(sub) == sent));
    }
}

BOOST_AUTO_TEST_CASE(what_keeps_a_publication_from_opening_keeps_its_batch)
{
    auto config = sending(ipv4.any_source);
    config.hop_limit = 256;
    auto pub = make(config);
    auto const sent = numbered(equal(3, 100));
    BOOST_TEST(test::failure_of([&] { send(pub, sent); }) == error::invalid_hop_limit);
    auto const report = pub.try_send_batch(buffers_of(sent));
    BOOST_TEST(report.ended == error::invalid_hop_limit);
    BOOST_TEST(report.next == 0U);
    BOOST_TEST(report.packets == 0U);
}

BOOST_AUTO_TEST_CASE(every_form_of_completion_sends_the_batch_once)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(sending(ipv4.any_source));
    auto const sent = numbered({100, 100, 40});
    auto const payloads = buffers_of(sent);
    auto const is_complete = [&](batch_report const& report) {
        BOOST_TEST(report.packets == 3U);
        BOOST_TEST((test::queued_texts(sub) == sent));
    };
    std::optional<batch_report> called_back;
    pub.send_batch(payloads, [&](error_code ec, batch_report report) {
        BOOST_TEST(!ec.failed());
        called_back = std::move(report);
    });
    BOOST_TEST(!called_back.has_value());
    test::run_until(context, [&] { return called_back.has_value(); });
    is_complete(*called_back);
    is_complete(test::result_of(context, pub.send_batch(payloads, asio::use_future)));
    test::run(context, [&]() -> asio::awaitable<void> {
        auto const [ec, report] = co_await pub.send_batch(payloads, asio::as_tuple(asio::deferred));
        BOOST_TEST(!ec.failed());
        is_complete(report);
    });
}

BOOST_AUTO_TEST_CASE(a_batch_cancelled_before_its_turn_has_sent_nothing)
{
    auto sub = joined(ipv4.any_source);
    auto pub = make(sending(ipv4.any_source));
    auto const sent = numbered(equal(3, 100));
    auto const payloads = buffers_of(sent);
    asio::cancellation_signal stop;
    auto pending =
        pub.send_batch(payloads, asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    stop.emit(asio::cancellation_type::total);
    auto const report = test::result_of(context, std::move(pending));
    BOOST_TEST(report.ended == asio::error::operation_aborted);
    BOOST_TEST(report.packets == 0U);
    BOOST_TEST(report.next == 0U);
    BOOST_TEST(test::queued_texts(sub).empty());
    BOOST_TEST(send(pub, sent).packets == 3U);
}

BOOST_AUTO_TEST_CASE(a_batch_that_starts_after_the_publication_is_gone_is_aborted)
{
    std::optional<publication> pub(make(sending(ipv4.any_source)));
    auto const sent = numbered(equal(3, 100));
    auto const payloads = buffers_of(sent);
    auto late = pub->send_batch(payloads);
    pub.reset();
    BOOST_TEST(test::failure_of([&] { test::run(context, std::move(late)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(send_batch_ipv6, batches_on_lo,
                         *boost::unit_test::precondition(test::loopback_carries_ipv6))

BOOST_AUTO_TEST_CASE(single_datagrams_arrive_in_order_over_ipv6)
{
    every_shape_arrives(ipv6, false);
    every_shape_arrives(ipv6, true);
}

BOOST_AUTO_TEST_SUITE_END()
