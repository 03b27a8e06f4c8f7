// SPDX-License-Identifier: BSL-1.0
#include "metrics/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace rollcast;
using namespace rollcast::metrics;

namespace {

using endpoint = asio::ip::udp::endpoint;

// Every counter has a value of its own, so that no two can be taken for each other.
constexpr receive_counters received{.packets = 1,
                                    .bytes = 2,
                                    .filtered = 3,
                                    .truncated = 4,
                                    .dropped = 5,
                                    .errors = 6,
                                    .would_block = 7,
                                    .joins = 8,
                                    .leaves = 9};
constexpr send_counters sent{.packets = 1, .bytes = 2, .errors = 3, .calls = 4, .dropped = 5};

void check_received(subscription_counters const& counters)
{
    BOOST_TEST(counters.packets_received == 1U);
    BOOST_TEST(counters.bytes_received == 2U);
    BOOST_TEST(counters.filtered == 3U);
    BOOST_TEST(counters.truncated == 4U);
    BOOST_TEST(counters.dropped == 5U);
    BOOST_TEST(counters.receive_errors == 6U);
    BOOST_TEST(counters.would_block_count == 7U);
    BOOST_TEST(counters.join_count == 8U);
    BOOST_TEST(counters.leave_count == 9U);
}

void check_sent(publication_counters const& counters)
{
    BOOST_TEST(counters.packets_sent == 1U);
    BOOST_TEST(counters.bytes_sent == 2U);
    BOOST_TEST(counters.send_errors == 3U);
    BOOST_TEST(counters.send_calls == 4U);
    BOOST_TEST(counters.dropped == 5U);
}

void check_moment(moment const& taken, moment const& before)
{
    BOOST_TEST((taken.captured_at >= before.captured_at));
    BOOST_TEST((taken.captured_at <= std::chrono::steady_clock::now()));
    BOOST_TEST((taken.wall_captured_at.time_since_epoch() > std::chrono::years(50)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_snapshot)

BOOST_AUTO_TEST_CASE(a_subscription_has_all_its_counters)
{
    auto const before = moment::now();
    auto const snapshot = take_snapshot(subscription_record{received, {}});
    check_received(snapshot);
    check_moment(snapshot, before);
}

BOOST_AUTO_TEST_CASE(a_subscription_tells_its_newest_datagram_once_there_was_one)
{
    subscription_record record;
    auto const none = take_snapshot(record);
    BOOST_TEST(!none.last_payload_len.has_value());
    BOOST_TEST(!none.last_source.has_value());
    BOOST_TEST(!none.last_receive_at.has_value());

    auto const before = std::chrono::system_clock::now();
    for (auto const& source : {endpoint(asio::ip::make_address("192.0.2.1"), 4711),
                               endpoint(asio::ip::make_address("2001:db8::5"), 1),
                               endpoint(asio::ip::make_address("fe80::1%7"), 65535)}) {
        record.delivered(source, source.port());
        auto const snapshot = take_snapshot(record);
        BOOST_TEST(snapshot.last_payload_len.value() == source.port());
        BOOST_TEST(snapshot.last_source.value() == source);
        BOOST_TEST((snapshot.last_receive_at.value() >= before));
        BOOST_TEST((snapshot.last_receive_at.value() <= snapshot.wall_captured_at));
    }
}

BOOST_AUTO_TEST_CASE(a_receiver_has_all_its_counters_and_gauges)
{
    auto const before = moment::now();
    auto const snapshot = take_snapshot(receiver_record{received, 10, 11, 12, 13, 14, 15});
    check_received(snapshot);
    check_moment(snapshot, before);
    BOOST_TEST(snapshot.batch_calls == 10U);
    BOOST_TEST(snapshot.batch_packets_received == 11U);
    BOOST_TEST(snapshot.subscriptions_added == 12U);
    BOOST_TEST(snapshot.subscriptions_removed == 13U);
    BOOST_TEST(snapshot.active_subscriptions == 14U);
    BOOST_TEST(snapshot.joined_subscriptions == 15U);
}

BOOST_AUTO_TEST_CASE(a_publication_and_a_sender_have_all_their_counters)
{
    auto const before = moment::now();
    auto const publication = take_snapshot(publication_record{sent});
    check_sent(publication);
    check_moment(publication, before);
    auto const sender = take_snapshot(sender_record{sent, 6, 7, 8});
    check_sent(sender);
    check_moment(sender, before);
    BOOST_TEST(sender.publications_added == 6U);
    BOOST_TEST(sender.publications_removed == 7U);
    BOOST_TEST(sender.active_publications == 8U);
}

BOOST_AUTO_TEST_CASE(one_on_its_own_is_told_as_one_of_one)
{
    auto alone = take_snapshot(subscription_record{received, {}});
    check_received(as_receiver(alone));
    BOOST_TEST((as_receiver(alone).captured_at == alone.captured_at));
    BOOST_TEST((as_receiver(alone).wall_captured_at == alone.wall_captured_at));
    BOOST_TEST(as_receiver(alone).subscriptions_added == 1U);
    BOOST_TEST(as_receiver(alone).active_subscriptions == 1U);
    alone.join_count = 3;
    alone.leave_count = 3;
    BOOST_TEST(as_receiver(alone).joined_subscriptions == 0U);
    alone.join_count = 4;
    BOOST_TEST(as_receiver(alone).joined_subscriptions == 1U);

    auto const publication = take_snapshot(publication_record{sent});
    check_sent(as_sender(publication));
    BOOST_TEST((as_sender(publication).captured_at == publication.captured_at));
    BOOST_TEST((as_sender(publication).wall_captured_at == publication.wall_captured_at));
    BOOST_TEST(as_sender(publication).publications_added == 1U);
    BOOST_TEST(as_sender(publication).active_publications == 1U);
}

BOOST_AUTO_TEST_CASE(growth_of_an_objects_counters_is_added_to_a_total)
{
    receive_counters total{.packets = 100, .leaves = 100};
    receive_counters const before{.packets = 1, .bytes = 1, .leaves = 9};
    add_growth(total, before, received);
    BOOST_TEST(total.packets == 100U);
    BOOST_TEST(total.bytes == 1U);
    BOOST_TEST(total.errors == 6U);
    BOOST_TEST(total.would_block == 7U);
    BOOST_TEST(total.leaves == 100U);
}

BOOST_AUTO_TEST_SUITE_END()
