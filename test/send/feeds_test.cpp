// SPDX-License-Identifier: BSL-1.0
#include "os/burst.hpp"
#include "os/send_socket.hpp"
#include "send/batches.hpp"
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"
#include "support/without_capability.hpp"

#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

// What feeds at a high rate ask for, on the sockets of this system.

using namespace rollcast;
using rollcast::net::time_source;
using test::hearing;
using test::ipv4;
using test::ipv6;
using test::sending;
using test::texts;

namespace {

struct feed {
    asio::io_context context;
    asio::const_buffer const payload = asio::buffer("hello", 5);

    publication opened(publication_config const& config)
    {
        publication pub(context.get_executor(), config);
        pub.open();
        return pub;
    }

    subscription joined(subscription_config const& config)
    {
        subscription sub(context.get_executor(), config);
        sub.join();
        return sub;
    }

    error_code failure_to_open(publication_config const& config)
    {
        publication pub(context.get_executor(), config);
        error_code ec;
        pub.open(ec);
        return ec;
    }

    error_code failure_to_join(subscription_config const& config)
    {
        subscription sub(context.get_executor(), config);
        error_code ec;
        sub.join(ec);
        return ec;
    }

    static int option_of(int socket, int name)
    {
        int value = -1;
        socklen_t size = sizeof value;
        BOOST_TEST(::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0);
        return value;
    }

    static publication_config timed(net::group const& group, time_source source)
    {
        auto config = sending(group);
        config.send_times = source;
        return config;
    }

    static publication_config launched(net::group const& group)
    {
        auto config = sending(group);
        config.launch_times = net::launch_clock::monotonic;
        return config;
    }

    std::vector<send_time> times_of(publication& pub, std::size_t count)
    {
        std::vector<send_time> told;
        while (told.size() < count)
            told.push_back(test::run(context, pub.send_time_told()));
        return told;
    }

    void tells_when_each_has_left(publication_config const& config);
    void arrives_though_no_queue_keeps_times(test::family const& version);
};

void feed::tells_when_each_has_left(publication_config const& config)
{
    auto pub = opened(config);
    auto const before = std::chrono::system_clock::now();
    for (int i = 0; i < 3; ++i)
        test::run(context, pub.send(payload));
    auto const batch = test::numbered({100, 100, 100});
    BOOST_TEST(pub.try_send_batch(test::buffers_of(batch)).packets == 3U);
    auto const told = times_of(pub, 6);
    for (std::size_t i = 0; i < told.size(); ++i) {
        BOOST_TEST(told[i].number == i);
        BOOST_TEST((told[i].source == time_source::kernel));
        BOOST_TEST((std::chrono::abs(told[i].at - before) < std::chrono::minutes(1)));
        BOOST_TEST(told[i].missed == 0U);
        BOOST_TEST((i == 0 || told[i - 1].at <= told[i].at));
    }
    BOOST_TEST(!pub.try_send_time().has_value());
    BOOST_TEST(pub.counters().network_errors == 0U);
    BOOST_TEST(pub.counters().errors == 0U);
}

/// As where none does.
void feed::arrives_though_no_queue_keeps_times(test::family const& version)
{
    auto sub = joined(hearing(version.any_source));
    auto pub = opened(launched(version.any_source));
    auto const when =
        net::launch_time_now(net::launch_clock::monotonic) + std::chrono::milliseconds(1);
    BOOST_TEST(test::run(context, pub.send_at(when, payload)).bytes == 5U);
    error_code ec;
    BOOST_TEST(pub.try_send_at(when, payload, ec).bytes == 5U);
    BOOST_TEST(!ec.failed());
    auto const batch = test::numbered({50, 50, 50});
    std::array const times{when, when, when};
    BOOST_TEST(pub.try_send_batch_at(times, test::buffers_of(batch)).packets == 3U);
    auto const buffers = test::buffers_of(batch);
    BOOST_TEST(test::run(context, pub.send_batch_at(times, buffers)).packets == 3U);
    BOOST_TEST(test::next_texts(context, sub, 8).size() == 8U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(send_feeds, feed,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_priority_outlasts_the_class_of_the_datagrams)
{
    auto config = sending(ipv4.any_source);
    config.dscp = 46;
    config.priority = 3;
    BOOST_TEST(option_of(opened(config).native_handle(), SO_PRIORITY) == 3);
    config.priority = -1;
    BOOST_TEST(failure_to_open(config) == error::invalid_priority);
}

BOOST_AUTO_TEST_CASE(what_takes_a_right_is_named_where_it_is_missing)
{
    test::without_capability const no_administration(CAP_NET_ADMIN);
    test::without_capability const no_raw_sockets(CAP_NET_RAW);
    auto config = sending(ipv4.any_source);
    config.priority = 7;
    BOOST_TEST(failure_to_open(config) == error::priority_refused);
    BOOST_TEST(explain(config, error::priority_refused).starts_with("7: "));
    config.priority = 6;
    BOOST_TEST(!failure_to_open(config).failed());
    config.launch_times = net::launch_clock::tai;
    BOOST_TEST(failure_to_open(config) == error::launch_times_refused);
    BOOST_TEST(explain(config, error::launch_times_refused).starts_with("tai: "));
    config.launch_times = net::launch_clock::monotonic;
    BOOST_TEST(!failure_to_open(config).failed());
}

BOOST_AUTO_TEST_CASE(a_receive_may_poll)
{
    auto config = hearing(ipv4.any_source);
    config.busy_poll = std::chrono::microseconds(60);
    if (failure_to_join(config) == error::busy_poll_refused) {
        BOOST_TEST_MESSAGE("skipped: this system lets root of the whole machine poll only");
        return;
    }
    auto sub = joined(config);
    BOOST_TEST(option_of(sub.native_handle(), SO_BUSY_POLL) == 60);
    test::run(context, opened(sending(ipv4.any_source)).send(payload));
    BOOST_TEST(test::run(context, sub.recv()).text() == "hello");
    for (auto const time :
         {std::chrono::microseconds(-1), std::chrono::microseconds(std::chrono::hours(1))}) {
        config.busy_poll = time;
        BOOST_TEST(failure_to_join(config) == error::invalid_busy_poll);
    }
}

BOOST_AUTO_TEST_CASE(it_is_told_when_each_datagram_has_left)
{
    tells_when_each_has_left(timed(ipv4.any_source, time_source::kernel));
    auto config = timed(ipv4.any_source, time_source::kernel);
    config.replies = true;
    tells_when_each_has_left(config);
    config.launch_times = net::launch_clock::monotonic;
    tells_when_each_has_left(config);
}

BOOST_AUTO_TEST_CASE(it_is_told_of_ipv6_too,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    tells_when_each_has_left(timed(ipv6.any_source, time_source::kernel));
}

BOOST_AUTO_TEST_CASE(who_waits_for_times_is_woken_whoever_has_found_them)
{
    auto pub = opened(timed(ipv4.any_source, time_source::kernel));
    auto waiting = asio::co_spawn(context, pub.send_time_told(), asio::use_future);
    context.poll();
    error_code ec;
    pub.try_send(payload, ec);
    BOOST_TEST(!pub.try_network_error().has_value()); // which reads the same queue
    test::run_until(context, [&] { return test::is_ready(waiting); });
    BOOST_TEST(waiting.get().number == 0U);
    BOOST_TEST(test::failure_of([&] { pub.close(), test::run(context, pub.send_time_told()); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(times_that_nobody_reads_take_nothing_from_answers)
{
    auto config = timed(ipv4.any_source, time_source::kernel);
    config.replies = true;
    auto pub = opened(config);
    error_code ec;
    for (int i = 0; i < 3000; ++i)
        pub.try_send(payload, ec);
    pub.try_egress_event(); // as a send does, every 10 ms
    asio::ip::udp::socket other(context, asio::ip::udp::v4());
    for (int i = 0; i < 20; ++i)
        other.send_to(asio::buffer("answer", 6), pub.local_endpoint());
    std::array<char, 16> answer{};
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(test::run(context, pub.recv_reply(asio::buffer(answer))).bytes == 6U);
}

BOOST_AUTO_TEST_CASE(an_adapter_without_a_clock_tells_no_times)
{
    auto pub = opened(timed(ipv4.any_source, time_source::hardware));
    test::run(context, pub.send(payload));
    BOOST_TEST(!pub.try_send_time().has_value());
    auto config = hearing(ipv4.any_source);
    config.hardware_timestamps = true;
    auto sub = joined(config);
    test::run(context, pub.send(payload));
    auto const metadata = test::run(context, sub.recv()).metadata;
    BOOST_TEST((metadata.receive_time_source == time_source::kernel));
    BOOST_TEST(metadata.received_at.has_value());
}

BOOST_AUTO_TEST_CASE(times_that_were_not_asked_for_are_refused)
{
    auto pub = opened(sending(ipv4.any_source));
    BOOST_TEST(!pub.try_send_time().has_value());
    BOOST_TEST(test::failure_of([&] { test::run(context, pub.send_time_told()); }) ==
               error::send_times_not_asked_for);
    auto const soon = net::launch_time_now(net::launch_clock::monotonic);
    error_code ec;
    pub.try_send_at(soon, payload, ec);
    BOOST_TEST(ec == error::launch_times_not_asked_for);
    BOOST_TEST(test::failure_of([&] { test::run(context, pub.send_at(soon, payload)); }) ==
               error::launch_times_not_asked_for);
    std::array const times{soon};
    std::array const batch{payload};
    BOOST_TEST(pub.try_send_batch_at(times, batch).ended == error::launch_times_not_asked_for);
    BOOST_TEST(pub.try_send_batch_at({}, batch).ended == error::launch_times_not_asked_for);
    BOOST_TEST(pub.counters().packets == 0U);
}

BOOST_AUTO_TEST_CASE(what_has_a_time_to_leave_arrives)
{
    arrives_though_no_queue_keeps_times(ipv4);
}

BOOST_AUTO_TEST_CASE(what_has_a_time_to_leave_arrives_by_ipv6,
                     *boost::unit_test::precondition(test::loopback_carries_ipv6))
{
    arrives_though_no_queue_keeps_times(ipv6);
}

BOOST_AUTO_TEST_CASE(who_waits_for_answers_is_not_kept_busy_by_send_times)
{
    auto config = timed(ipv4.any_source, time_source::kernel);
    config.replies = true;
    auto pub = opened(config);
    std::array<char, 16> answer{};
    auto waiting = asio::co_spawn(context, pub.recv_reply(asio::buffer(answer)), asio::use_future);
    test::run(context, pub.send(payload));
    context.restart();
    BOOST_TEST(context.run_for(std::chrono::milliseconds(100)) < 20U);
    BOOST_TEST(pub.try_send_time().has_value());
    pub.close();
    test::run_until(context, [&] { return test::is_ready(waiting); });
}

BOOST_AUTO_TEST_CASE(of_a_large_batch_all_times_are_told)
{
    auto pub = opened(timed(ipv4.any_source, time_source::kernel));
    auto const batch = test::numbered(test::sizes(2000, 20));
    BOOST_TEST(pub.try_send_batch(test::buffers_of(batch)).packets == 2000U);
    std::uint32_t count = 0;
    for (; auto const told = pub.try_send_time(); ++count)
        BOOST_TEST(told->number == count);
    BOOST_TEST(count == 2000U);
}

BOOST_AUTO_TEST_CASE(a_launch_time_reaches_the_kernel)
{
    // Which refuses it on a socket that was not told that such times would come.
    auto pub = opened(sending(ipv4.any_source));
    auto const soon = net::launch_time_now(net::launch_clock::monotonic);
    asio::const_buffer const bytes = payload;
    BOOST_TEST(os::send(pub.native_handle(), {&bytes, 1}, nullptr, soon) ==
               asio::error::invalid_argument);
    BOOST_TEST(!os::send(pub.native_handle(), {&bytes, 1}, nullptr).failed());
    os::burst burst;
    burst.clear();
    BOOST_TEST(burst.add({&bytes, 1}, nullptr, soon));
    std::size_t taken = 0;
    BOOST_TEST(burst.send(pub.native_handle(), taken) == asio::error::invalid_argument);
}

BOOST_AUTO_TEST_CASE(each_datagram_of_a_batch_has_its_time_or_none_has)
{
    auto pub = opened(launched(ipv4.any_source));
    std::array const times{net::launch_time_now(net::launch_clock::monotonic)};
    auto const batch = test::numbered({50, 50});
    auto const report = pub.try_send_batch_at(times, test::buffers_of(batch));
    BOOST_TEST(report.ended == asio::error::invalid_argument);
    BOOST_TEST(report.packets == 0U);
    BOOST_TEST(pub.try_send_batch_at({}, test::buffers_of(batch)).ended ==
               asio::error::invalid_argument);
    BOOST_TEST(pub.counters().packets == 0U);
}

BOOST_AUTO_TEST_CASE(launch_clocks_are_those_of_the_system)
{
    auto const before = std::chrono::steady_clock::now().time_since_epoch();
    auto const now = net::launch_time_now(net::launch_clock::monotonic);
    auto const shown = now.time_since_epoch();
    BOOST_TEST((before <= shown && shown <= std::chrono::steady_clock::now().time_since_epoch()));
    auto const realtime = std::chrono::system_clock::now().time_since_epoch();
    auto const ahead = net::launch_time_now(net::launch_clock::tai).time_since_epoch() - realtime;
    BOOST_TEST((ahead > -std::chrono::minutes(1) && ahead < std::chrono::minutes(2)));
    BOOST_TEST((net::launch_time_now(net::launch_clock::none) == net::launch_time()));
}

BOOST_AUTO_TEST_CASE(a_run_says_that_its_metadata_are_those_of_one)
{
    auto config = hearing(ipv4.any_source);
    auto in_runs = joined(config);
    config.coalesce = false;
    auto one_by_one = joined(config);
    auto pub = opened(sending(ipv4.any_source));
    auto const sent = test::numbered(test::sizes(10, 100));
    BOOST_TEST(pub.try_send_batch(test::buffers_of(sent)).packets == 10U);
    batch into(16);
    BOOST_TEST(test::run(context, in_runs.recv_batch(into)) == 10U);
    for (auto const& each : into)
        BOOST_TEST(each.metadata.in_run);
    for (std::size_t i = 0; i < sent.size(); ++i) {
        auto const packet = test::run(context, one_by_one.recv());
        BOOST_TEST(!packet.metadata.in_run);
        BOOST_TEST((packet.metadata.receive_time_source == time_source::kernel));
    }
    pub.try_send_batch(test::buffers_of(sent));
    BOOST_TEST(test::run(context, in_runs.recv()).metadata.in_run);
}

BOOST_AUTO_TEST_SUITE_END()
