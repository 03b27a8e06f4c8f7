// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/metrics.hpp>
#include <rollcast/receive/receiver.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <thread>

using namespace rollcast;
using test::hearing;
using test::ipv4;
using test::sending;

namespace {

struct measured {
    asio::io_context context;

    void send(std::string_view text, net::group const& to = ipv4.any_source)
    {
        publication pub(context.get_executor(), sending(to));
        test::run(context, pub.send(asio::buffer(text)));
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_metrics, measured,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_snapshot_tells_what_the_subscription_did)
{
    subscription sub(context.get_executor(), hearing(ipv4.any_source));
    auto const metrics = sub.enable_metrics();
    BOOST_TEST(metrics.snapshot().packets_received == 0U);
    BOOST_TEST(!metrics.snapshot().last_source.has_value());
    sub.join();
    send("four");
    BOOST_TEST(test::run(context, sub.recv()).text() == "four");
    error_code ec;
    sub.try_recv(ec);
    sub.leave();
    auto const seen = metrics.snapshot();
    BOOST_TEST(seen.packets_received == 1U);
    BOOST_TEST(seen.bytes_received == 4U);
    BOOST_TEST(seen.would_block_count >= 1U);
    BOOST_TEST(seen.join_count == 1U);
    BOOST_TEST(seen.leave_count == 1U);
    BOOST_TEST((seen.last_payload_len == 4U));
    BOOST_TEST(seen.last_source->address() == ipv4.loopback);
    BOOST_TEST(seen.last_receive_at.has_value());
}

BOOST_AUTO_TEST_CASE(metrics_switched_on_late_know_what_was_before)
{
    subscription sub(context.get_executor(), hearing(ipv4.any_source));
    sub.join();
    send("one");
    test::run(context, sub.recv());
    BOOST_TEST(sub.enable_metrics().snapshot().packets_received == 1U);
}

BOOST_AUTO_TEST_CASE(a_batch_counts_every_packet_and_ends_with_the_last)
{
    subscription sub(context.get_executor(), hearing(ipv4.any_source));
    sub.join();
    auto const metrics = sub.enable_metrics();
    for (auto const* text : {"a", "bb", "ccc"})
        send(text);
    batch into;
    BOOST_TEST(test::run(context, sub.recv_batch(into)) == 3U);
    BOOST_TEST(metrics.snapshot().packets_received == 3U);
    BOOST_TEST(metrics.snapshot().bytes_received == 6U);
    BOOST_TEST((metrics.snapshot().last_payload_len == 3U));
}

BOOST_AUTO_TEST_CASE(a_reader_outlives_its_subscription_in_any_thread)
{
    std::optional<subscription> sub(std::in_place, context.get_executor(),
                                    hearing(ipv4.any_source));
    sub->join();
    auto const metrics = sub->enable_metrics();
    send("one");
    test::run(context, sub->recv());
    sub.reset();
    std::uint64_t packets = 0;
    std::thread([&] { packets = metrics.snapshot().packets_received; }).join();
    BOOST_TEST(packets == 1U);
}

BOOST_AUTO_TEST_CASE(a_receiver_counts_what_goes_through_it)
{
    receiver all(context.get_executor());
    auto const metrics = all.enable_metrics();
    error_code ec;
    auto const first = all.add(hearing(ipv4.any_source), ec);
    auto const second = all.add(hearing(ipv4.other_any_source), ec);
    BOOST_TEST(metrics.snapshot().active_subscriptions == 2U);
    all.join(first, ec);
    all.join(second, ec);
    BOOST_TEST(metrics.snapshot().joined_subscriptions == 2U);
    BOOST_TEST(metrics.snapshot().join_count == 2U);
    send("one");
    send("three", ipv4.other_any_source);
    test::run(context, all.recv());
    batch into;
    test::run(context, all.recv_batch(into));
    // What a program takes past the receiver is not the receiver's.
    send("past");
    test::run(context, all.find(first)->recv());
    all.leave(second, ec);
    all.remove(first);
    auto const seen = metrics.snapshot();
    BOOST_TEST(seen.packets_received == 2U);
    BOOST_TEST(seen.bytes_received == 8U);
    BOOST_TEST(seen.batch_calls == 1U);
    BOOST_TEST(seen.batch_packets_received == 1U);
    BOOST_TEST(seen.subscriptions_added == 2U);
    BOOST_TEST(seen.subscriptions_removed == 1U);
    BOOST_TEST(seen.active_subscriptions == 1U);
    BOOST_TEST(seen.joined_subscriptions == 0U);
    BOOST_TEST(seen.leave_count == 1U);
}

BOOST_AUTO_TEST_CASE(a_drain_is_one_batch)
{
    receiver all(context.get_executor());
    auto const metrics = all.enable_metrics();
    error_code ec;
    all.join(all.add(hearing(ipv4.any_source), ec), ec);
    send("one");
    send("two");
    all.drain([](packet const&) {}, ec);
    BOOST_TEST(metrics.snapshot().batch_calls == 1U);
    BOOST_TEST(metrics.snapshot().batch_packets_received == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
