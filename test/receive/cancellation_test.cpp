// SPDX-License-Identifier: BSL-1.0
#include "support/loopback.hpp"
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace rollcast;
using asio::experimental::awaitable_operators::operator||;
using asio::cancellation_type;
using test::hearing;
using test::ipv4;

namespace {

constexpr auto every_type = {cancellation_type::terminal, cancellation_type::partial,
                             cancellation_type::total};

struct cancellable_pair {
    asio::io_context context;
    subscription sub = joined(ipv4.any_source);
    publication pub{context.get_executor(), test::sending(ipv4.any_source)};

    subscription joined(net::group const& group)
    {
        subscription result(context.get_executor(), hearing(group));
        result.join();
        return result;
    }

    void send(std::string_view text, publication& by)
    {
        error_code ec;
        by.try_send(asio::buffer(text), ec);
        BOOST_TEST_REQUIRE(!ec.failed());
    }
    void send(std::string_view text) { send(text, pub); }

    std::future<packet> start(asio::cancellation_signal& stop)
    {
        return sub.recv(asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    }

    error_code outcome(std::future<packet>& pending)
    {
        return test::failure_of([&] { test::result_of(context, std::move(pending)); });
    }

    /// Takes what is left, as somebody would who goes on after a cancelled receive.
    static std::vector<std::string> rest(subscription& from)
    {
        std::vector<std::string> texts;
        error_code ec;
        while (auto const got = from.try_recv(ec))
            texts.emplace_back(got->text());
        return texts;
    }
};

using strings = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_cancellation, cancellable_pair,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(every_type_of_cancellation_ends_a_waiting_receive)
{
    for (auto const type : every_type) {
        asio::cancellation_signal stop;
        auto pending = start(stop);
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(pending));
        stop.emit(type);
        BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    }
    send("hello");
    BOOST_TEST(rest(sub) == strings{"hello"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_type_of_cancellation_ends_a_receive_that_has_not_begun)
{
    for (auto const type : every_type) {
        asio::cancellation_signal stop;
        auto pending = start(stop);
        stop.emit(type);
        test::run_ready(context);
        BOOST_TEST(test::is_ready(pending));
        sub.leave();
        sub.join();
        BOOST_TEST(outcome(pending) == asio::error::operation_aborted);
    }
}

BOOST_AUTO_TEST_CASE(a_receive_cancelled_as_it_begins_delivers_the_datagram_or_leaves_it)
{
    for (auto const type : every_type) {
        send("hello");
        asio::cancellation_signal stop;
        std::future<packet> pending;
        asio::post(context, [&] {
            pending = start(stop);
            stop.emit(type);
        });
        test::run_ready(context);
        BOOST_TEST_REQUIRE(pending.valid());
        bool const delivered = !outcome(pending);
        BOOST_TEST(rest(sub).size() == (delivered ? 0U : 1U));
    }
}

BOOST_AUTO_TEST_CASE(a_receive_yields_to_a_timer)
{
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    auto const first = test::run(context, [&]() -> asio::awaitable<std::size_t> {
        auto const either = co_await (sub.recv() || timer.async_wait(asio::use_awaitable));
        co_return either.index();
    });
    BOOST_TEST(first == 1U);
    send("hello");
    BOOST_TEST(rest(sub) == strings{"hello"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_datagram_beats_a_timer)
{
    asio::steady_timer timer(context, test::patience);
    send("hello");
    auto const text = test::run(context, [&]() -> asio::awaitable<std::string> {
        auto const either = co_await (sub.recv() || timer.async_wait(asio::use_awaitable));
        co_return std::string(std::get<0>(either).text());
    });
    BOOST_TEST(text == "hello");
}

BOOST_AUTO_TEST_CASE(a_ready_receive_that_loses_to_another_operation_keeps_its_datagram)
{
    // Enough that a receive loses at every point of its turn, also where it would have yielded.
    std::size_t const sent = 200;
    for (std::size_t i = 0; i < sent; ++i)
        send("x");
    std::size_t heard = 0;
    test::run(context, [&]() -> asio::awaitable<void> {
        for (; heard < sent; ++heard) {
            for (std::size_t i = 0; i < heard % 3; ++i) {
                auto const either =
                    co_await (asio::post(context, asio::use_awaitable) || sub.recv());
                BOOST_TEST(either.index() == 0U);
            }
            asio::steady_timer limit(context, std::chrono::seconds(1));
            auto const either = co_await (sub.recv() || limit.async_wait(asio::use_awaitable));
            if (either.index() == 1)
                break;
        }
    });
    BOOST_TEST(heard == sent);
}

BOOST_AUTO_TEST_CASE(two_ready_subscriptions_lose_nothing_to_each_other)
{
    auto other = joined(ipv4.other_any_source);
    publication to_other(context.get_executor(), test::sending(ipv4.other_any_source));
    std::size_t const each = 100;
    for (std::size_t i = 0; i < each; ++i) {
        send("x");
        send("y", to_other);
    }
    std::size_t taken = 0;
    test::run(context, [&]() -> asio::awaitable<void> {
        for (; taken < each; ++taken)
            co_await (sub.recv() || other.recv());
    });
    BOOST_TEST(taken + rest(sub).size() + rest(other).size() == 2 * each);
}

BOOST_AUTO_TEST_CASE(a_group_of_ready_token_receives_loses_nothing)
{
    auto other = joined(ipv4.other_any_source);
    publication to_other(context.get_executor(), test::sending(ipv4.other_any_source));
    send("x");
    send("y", to_other);
    std::size_t delivered = 0;
    test::run(context, [&]() -> asio::awaitable<void> {
        auto group = asio::experimental::make_parallel_group(sub.recv(asio::deferred),
                                                             other.recv(asio::deferred));
        auto const [order, ec_x, x, ec_y, y] =
            co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        delivered = std::size_t{!ec_x} + std::size_t{!ec_y};
    });
    BOOST_TEST(delivered + rest(sub).size() + rest(other).size() == 2U);
}

BOOST_AUTO_TEST_CASE(thousands_of_receives_cut_short_by_a_timer_lose_nothing)
{
    strings heard;
    std::size_t const cycles = 3000;
    std::size_t cancelled = 0;
    test::run(
        context,
        [&]() -> asio::awaitable<void> {
            asio::steady_timer timer(context);
            for (std::size_t i = 0; i < cycles; ++i) {
                // Bursts, so that receives meet an empty, a filling and a full queue.
                if (i % 7 == 0)
                    for (int burst = 0; burst < 5; ++burst)
                        send("x");
                timer.expires_after(std::chrono::microseconds(i % 5 * 10));
                auto const either = co_await (timer.async_wait(asio::use_awaitable) || sub.recv());
                if (either.index() == 1)
                    heard.emplace_back(std::get<1>(either).text());
                else
                    ++cancelled;
            }
        },
        std::chrono::seconds(30));
    auto const left = rest(sub);
    BOOST_TEST(cancelled > 0U);
    BOOST_TEST(heard.size() + left.size() == (cycles + 6) / 7 * 5);
    BOOST_TEST(sub.counters().packets == heard.size() + left.size());
}

BOOST_AUTO_TEST_SUITE_END()
