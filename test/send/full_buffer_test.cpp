// SPDX-License-Identifier: BSL-1.0
#include "send/batches.hpp"
#include "send/narrow_link.hpp"
#include "support/printing.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <future>
#include <vector>

using namespace rollcast;
using test::hearing_on;
using test::ipv4;
using test::numbered;
using test::sizes;
using test::texts;

namespace {

/// A batch that is more than the send buffer takes.
struct full_buffer : test::narrow_link {
    texts const sent = numbered(sizes(400, 1400));
    std::vector<asio::const_buffer> const payloads = test::buffers_of(sent);
    subscription heard = joined(right, with_room(hearing_on("e1", ipv4.any_source)));

    static subscription_config with_room(subscription_config config)
    {
        config.receive_buffer = 4U << 20U;
        return config;
    }

    std::future<batch_report> waiting_batch(asio::cancellation_signal& stop)
    {
        auto result =
            pub->send_batch(payloads, asio::bind_cancellation_slot(stop.slot(), asio::use_future));
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(result));
        return result;
    }

    void open_wide()
    {
        left.command("tc qdisc change dev e1 root tbf rate 200mbit burst 100kb latency 10s");
    }

    texts first(std::size_t count) const
    {
        return {sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(count)};
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_batch_full_buffer, full_buffer,
                         *boost::unit_test::precondition(test::can_limit_a_rate))

BOOST_AUTO_TEST_CASE(try_send_batch_tells_how_far_it_came_and_can_go_on_from_there)
{
    all_but_close();
    auto const report = pub->try_send_batch(payloads);
    BOOST_TEST(report.ended == asio::error::would_block);
    BOOST_TEST(report.packets > 0U);
    BOOST_TEST(report.packets < sent.size());
    BOOST_TEST(report.next == report.packets);
    BOOST_TEST(report.bytes == 1400U * report.packets);
    BOOST_TEST(report.failures.empty());
    BOOST_TEST(pub->counters().packets == report.packets);
    BOOST_TEST(pub->counters().errors == 0U);
    open_wide();
    auto const rest = std::span(payloads).subspan(report.next);
    BOOST_TEST(test::run(context, pub->send_batch(rest)).packets == rest.size());
    BOOST_TEST((test::next_texts(context, heard, sent.size()) == sent));
}

BOOST_AUTO_TEST_CASE(send_batch_waits_and_goes_on)
{
    all_but_close();
    asio::cancellation_signal never;
    auto pending = waiting_batch(never);
    open_wide();
    auto const report = test::result_of(context, std::move(pending));
    BOOST_TEST(report.packets == sent.size());
    BOOST_TEST(report.next == sent.size());
    BOOST_TEST(!report.ended.failed());
    BOOST_TEST((test::next_texts(context, heard, sent.size()) == sent));
    BOOST_TEST(is_empty(heard));
}

BOOST_AUTO_TEST_CASE(a_waiting_batch_tells_how_far_it_came_when_it_is_cancelled)
{
    for (auto const type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                            asio::cancellation_type::total}) {
        all_but_close();
        auto const before = pub->counters().packets;
        asio::cancellation_signal stop;
        auto pending = waiting_batch(stop);
        stop.emit(type);
        auto const report = test::result_of(context, std::move(pending));
        BOOST_TEST(report.ended == asio::error::operation_aborted);
        BOOST_TEST(report.packets > 0U);
        BOOST_TEST(report.packets < sent.size());
        BOOST_TEST(report.next == report.packets);
        BOOST_TEST(pub->counters().packets == before + report.packets);
        open_wide();
        BOOST_TEST((test::next_texts(context, heard, report.packets) == first(report.packets)));
        BOOST_TEST(is_empty(heard));
        BOOST_TEST(test::run(context, pub->send(asio::buffer("after", 5))).bytes == 5U);
        BOOST_TEST(next(heard).text() == "after");
    }
}

BOOST_AUTO_TEST_CASE(destroying_the_publication_ends_a_waiting_batch)
{
    all_but_close();
    asio::cancellation_signal never;
    auto pending = waiting_batch(never);
    auto const sent_by_then = pub->counters().packets;
    pub.reset();
    auto const report = test::result_of(context, std::move(pending));
    BOOST_TEST(report.ended == asio::error::operation_aborted);
    BOOST_TEST(report.packets == sent_by_then);
}

BOOST_AUTO_TEST_SUITE_END()
