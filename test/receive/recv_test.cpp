// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>

using namespace rollcast;
using test::hearing;
using test::ipv4;

namespace {

struct sender_and_receiver {
    asio::io_context context;
    std::optional<subscription> sub;
    publication pub{context.get_executor(), test::sending(ipv4.any_source)};

    sender_and_receiver()
    {
        sub.emplace(context.get_executor(), hearing(ipv4.any_source));
        sub->join();
    }

    void send(std::string_view text)
    {
        error_code ec;
        pub.try_send(asio::buffer(text), ec);
        BOOST_TEST_REQUIRE(!ec.failed());
    }

    /// A receive that waits for a datagram when this returns.
    std::future<packet> waiting()
    {
        auto result = asio::co_spawn(context, sub->recv(), asio::use_future);
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(result));
        return result;
    }

    error_code outcome(std::future<packet>& pending)
    {
        return test::failure_of([&] { test::result_of(context, std::move(pending)); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_recv, sender_and_receiver,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_receive_waits_until_a_datagram_comes)
{
    auto pending = waiting();
    send("hello");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "hello");
}

BOOST_AUTO_TEST_CASE(a_coroutine_awaits_it)
{
    send("one");
    send("two");
    auto const both = test::run(context, [&]() -> asio::awaitable<std::string> {
        auto const first = co_await sub->recv();
        std::string text(first.text());
        auto const second = co_await sub->recv();
        co_return text.append(second.text());
    });
    BOOST_TEST(both == "onetwo");
}

BOOST_AUTO_TEST_CASE(a_callback_is_called_once_and_never_from_within_the_call)
{
    send("hello");
    int calls = 0;
    asio::post(context, [&] {
        sub->recv([&](error_code ec, packet const& got) {
            BOOST_TEST(!ec.failed());
            BOOST_TEST(got.text() == "hello");
            ++calls;
        });
        BOOST_TEST(calls == 0);
    });
    test::run_until(context, [&] { return calls != 0; });
    test::run_ready(context);
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_callback_may_be_move_only)
{
    bool called = false;
    sub->recv(
        [&, owned = std::make_unique<int>(7)](error_code, packet const&) { called = *owned == 7; });
    send("hello");
    test::run_until(context, [&] { return called; });
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(a_future_receives_it)
{
    auto pending = sub->recv(asio::use_future);
    send("hello");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "hello");
}

BOOST_AUTO_TEST_CASE(a_tuple_holds_the_error)
{
    auto const ec = test::run(context, [&]() -> asio::awaitable<error_code> {
        sub->leave();
        auto const [failure, got] = co_await sub->recv(asio::as_tuple(asio::deferred));
        BOOST_TEST(got.payload.empty());
        co_return failure;
    });
    BOOST_TEST(ec == error::not_joined);
}

BOOST_AUTO_TEST_CASE(a_deferred_receive_starts_when_it_is_awaited)
{
    auto const text = test::run(context, [&]() -> asio::awaitable<std::string> {
        auto later = sub->recv(asio::deferred);
        send("hello");
        auto const got = co_await std::move(later);
        co_return std::string(got.text());
    });
    BOOST_TEST(text == "hello");
}

BOOST_AUTO_TEST_CASE(a_handler_runs_on_the_executor_bound_to_it)
{
    asio::io_context elsewhere;
    bool called = false;
    sub->recv(asio::bind_executor(elsewhere, [&](error_code, packet const&) { called = true; }));
    send("hello");
    context.run();
    BOOST_TEST(!called);
    test::run_ready(elsewhere);
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(a_second_receive_is_refused_and_the_first_goes_on)
{
    auto first = waiting();
    BOOST_TEST(test::failure_of([&] { test::run(context, sub->recv()); }) ==
               error::receive_in_progress);
    auto by_token = sub->recv(asio::use_future);
    BOOST_TEST(outcome(by_token) == error::receive_in_progress);
    send("hello");
    BOOST_TEST(test::result_of(context, std::move(first)).text() == "hello");
}

BOOST_AUTO_TEST_CASE(leaving_aborts_a_pending_receive)
{
    auto pending = waiting();
    sub->leave();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(leaving_aborts_a_receive_that_has_only_just_started)
{
    for (bool const rejoin : {false, true}) {
        send("hello");
        auto pending = sub->recv(asio::use_future);
        sub->leave();
        if (rejoin)
            sub->join();
        test::run_ready(context);
        BOOST_TEST_REQUIRE(test::is_ready(pending));
        BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
        if (!rejoin)
            sub->join();
    }
}

BOOST_AUTO_TEST_CASE(leaving_and_rejoining_at_once_aborts_a_pending_receive)
{
    auto pending = waiting();
    sub->leave();
    sub->join();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    auto next = waiting();
    send("hello");
    BOOST_TEST(test::result_of(context, std::move(next)).text() == "hello");
}

BOOST_AUTO_TEST_CASE(closing_aborts_a_pending_receive_and_every_later_one)
{
    auto pending = waiting();
    sub->close();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    BOOST_TEST(!sub->is_joined());
    BOOST_TEST(test::failure_of([&] { test::run(context, sub->recv()); }) ==
               asio::error::operation_aborted);
    BOOST_TEST(sub->interfaces().empty());
    BOOST_TEST(test::failure_of([&] { sub->join(); }) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(destroying_the_subscription_aborts_a_pending_receive)
{
    auto pending = waiting();
    sub.reset();
    BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_receive_that_starts_after_the_subscription_is_gone_is_aborted)
{
    auto late = sub->recv();
    sub.reset();
    BOOST_TEST(test::failure_of([&] { test::run(context, std::move(late)); }) ==
               asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(a_pending_receive_follows_a_moved_subscription)
{
    auto pending = waiting();
    subscription moved(std::move(*sub));
    sub.reset();
    send("hello");
    BOOST_TEST(test::result_of(context, std::move(pending)).text() == "hello");
}

BOOST_AUTO_TEST_CASE(a_loop_over_ready_datagrams_lets_others_run)
{
    int const sent = 200;
    for (int i = 0; i < sent; ++i)
        send("flood");
    int received = 0;
    std::optional<int> received_when_posted;
    test::run(context, [&]() -> asio::awaitable<void> {
        asio::post(context, [&] { received_when_posted = received; });
        while (received < sent) {
            co_await sub->recv();
            ++received;
        }
    });
    BOOST_REQUIRE(received_when_posted.has_value());
    BOOST_TEST(*received_when_posted < sent);
}

BOOST_AUTO_TEST_CASE(a_timer_fires_while_a_flood_without_end_is_drained)
{
    asio::steady_timer timer(context, std::chrono::milliseconds(5));
    bool fired = false;
    timer.async_wait([&](error_code) { fired = true; });
    auto const deadline = std::chrono::steady_clock::now() + test::patience;
    test::run(context, [&]() -> asio::awaitable<void> {
        while (!fired && std::chrono::steady_clock::now() < deadline) {
            send("one that comes while another is taken");
            co_await sub->recv();
        }
    });
    BOOST_TEST(fired);
}

BOOST_AUTO_TEST_CASE(a_strand_on_several_threads_receives_everything_once)
{
    asio::thread_pool pool(4);
    subscription shared(asio::make_strand(pool), hearing(ipv4.other_any_source));
    shared.join();
    std::uint64_t const wanted = 2000;
    auto receive_all = [&]() -> asio::awaitable<std::uint64_t> {
        std::uint64_t sum = 0;
        for (std::uint64_t i = 0; i < wanted; ++i) {
            auto const got = co_await shared.recv();
            sum += std::stoull(std::string(got.text()));
        }
        co_return sum;
    };
    auto sum = asio::co_spawn(shared.get_executor(), receive_all(), asio::use_future);
    publication sender(context.get_executor(), test::sending(ipv4.other_any_source));
    for (std::uint64_t i = 0; i < wanted; ++i) {
        error_code ec;
        sender.try_send(asio::buffer(std::to_string(i)), ec);
        // Paced by the receiver, so that the kernel has no reason to drop.
        while (i % 50 == 0 && sum.wait_for(std::chrono::seconds(0)) != std::future_status::ready &&
               asio::post(
                   shared.get_executor(), asio::use_future([&] {
                       return shared.counters().packets;
                   })).get() < i)
            std::this_thread::yield();
    }
    BOOST_REQUIRE((sum.wait_for(test::patience) == std::future_status::ready));
    BOOST_TEST(sum.get() == wanted * (wanted - 1) / 2);
    pool.join();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(destroying_the_io_context_releases_a_pending_receive,
                     *boost::unit_test::precondition(test::loopback_carries_ipv4))
{
    auto const held = std::make_shared<int>();
    auto wait = [](subscription sub, std::shared_ptr<int>) -> asio::awaitable<void> {
        co_await sub.recv();
    };
    {
        asio::io_context context;
        subscription sub(context.get_executor(), hearing(ipv4.any_source));
        sub.join();
        asio::co_spawn(context, wait(std::move(sub), held), asio::detached);
        test::run_ready(context);
        BOOST_TEST(held.use_count() == 2);
    }
    BOOST_TEST(held.use_count() == 1);
}
