// SPDX-License-Identifier: BSL-1.0
#include "receive/cancellation_cycles.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/test/unit_test.hpp>

#if __has_include(<boost/asio/cancel_after.hpp>)
#include <boost/asio/cancel_after.hpp>
#define ROLLCAST_HAS_CANCEL_AFTER
#endif

// A receive within coroutines of the user's own, which are what others are first against.

using namespace rollcast;
using test::cycling;
using test::cycling_receiver;
using asio::experimental::awaitable_operators::operator||;

namespace {

/// What users wrap around a receive.
struct forms : cycling {
    asio::steady_timer never{context, std::chrono::hours(1)};
    subscription sub = joined(test::ipv4.any_source);

    asio::awaitable<packet> wrapped() { co_return co_await sub.recv(); }
    asio::awaitable<packet> wrapped_twice() { co_return co_await wrapped(); }

    asio::awaitable<packet> resetting()
    {
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        auto const first = co_await sub.recv();
        note(first);
        co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
        co_return co_await sub.recv();
    }

    asio::awaitable<packet> after_something_else()
    {
        if (below(2) == 0)
            co_await asio::post(context, asio::use_awaitable);
        co_return co_await sub.recv();
    }

    /// Handles all but the last one itself; the thread is under way then.
    asio::awaitable<packet> looping()
    {
        for (int rounds = below(4); rounds > 0; --rounds) {
            auto const one = co_await sub.recv();
            note(one);
        }
        co_return co_await sub.recv();
    }

    asio::awaitable<packet> nested()
    {
        for (;;) {
            auto const either = co_await (wrapped() || some_steps(1));
            if (either.index() == 0)
                co_return std::get<0>(either);
        }
    }

    /// In turn with a batch, which leaves marks as well.
    asio::awaitable<packet> mixed()
    {
        auto const packets = co_await sub.recv_batch(into);
        note(packets);
        co_return co_await sub.recv();
    }

    asio::awaitable<packet> launched_by_hand()
    {
        return asio::co_spawn(context, sub.recv(), asio::use_awaitable);
    }

    asio::awaitable<packet> any_form()
    {
        switch (below(7)) {
        case 0:
            return wrapped_twice();
        case 1:
            return resetting();
        case 2:
            return after_something_else();
        case 3:
            return looping();
        case 4:
            return nested();
        case 5:
            return mixed();
        default:
            return sub.recv();
        }
    }

    template <class Start>
    void race_against(Start const& start)
    {
        run_races(1, start);
        finish(rest_of(sub));
        BOOST_TEST(sub.counters().dropped == 0U);
    }

    void send(int count) { streams.front().send(count); }

    /// How many handlers run until all is done that can be done now.
    std::size_t handlers_run()
    {
        context.restart();
        return context.poll();
    }

    asio::awaitable<void> receive(int count)
    {
        for (int i = 0; i < count; ++i) {
            auto const one = co_await sub.recv();
            note(one);
        }
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_cancellation_forms, forms,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(a_wrapped_recv_loses_nothing_to_another_operation)
{
    race_against([&] { return wrapped(); });
}

BOOST_AUTO_TEST_CASE(a_recv_wrapped_twice_loses_nothing_to_another_operation)
{
    race_against([&] { return wrapped_twice(); });
}

BOOST_AUTO_TEST_CASE(a_recv_whose_thread_resets_its_cancellation_loses_nothing)
{
    race_against([&] { return resetting(); });
}

BOOST_AUTO_TEST_CASE(a_recv_that_follows_another_operation_loses_nothing)
{
    race_against([&] { return after_something_else(); });
}

BOOST_AUTO_TEST_CASE(a_loop_that_is_cut_short_loses_nothing)
{
    race_against([&] { return looping(); });
}

BOOST_AUTO_TEST_CASE(a_race_within_a_race_loses_nothing)
{
    race_against([&] { return nested(); });
}

BOOST_AUTO_TEST_CASE(a_recv_that_follows_a_batch_loses_nothing)
{
    race_against([&] { return mixed(); });
}

BOOST_AUTO_TEST_CASE(a_recv_launched_within_a_race_loses_nothing)
{
    race_against([&] { return launched_by_hand(); });
}

BOOST_AUTO_TEST_CASE(every_form_in_turn_loses_nothing_where_slots_are_used_again)
{
    race_against([&] { return any_form(); });
}

#ifdef ROLLCAST_HAS_CANCEL_AFTER
BOOST_AUTO_TEST_CASE(a_recv_cancelled_after_a_time_loses_nothing)
{
    auto const limited = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 3000; ++i) {
            if (below(3) == 0)
                send_something(1);
            auto const limit = std::chrono::microseconds(below(40));
            try {
                auto const one =
                    below(2) == 0
                        ? co_await sub.recv(asio::cancel_after(limit, asio::use_awaitable))
                        : co_await asio::co_spawn(context, wrapped(),
                                                  asio::cancel_after(limit, asio::use_awaitable));
                note(one);
                ++delivered;
            } catch (boost::system::system_error const& problem) {
                BOOST_TEST_REQUIRE(problem.code() == asio::error::operation_aborted);
                ++cancelled;
            }
        }
    };
    test::run(context, limited, std::chrono::seconds(30));
    BOOST_TEST(delivered > 0);
    BOOST_TEST(cancelled > 0);
    finish(rest_of(sub));
}
#endif

BOOST_AUTO_TEST_CASE(whatever_launches_a_recv_it_takes_nothing_before_it_completes)
{
    asio::cancellation_signal stop;
    auto const ignored = [] { return [](auto const&...) {}; };
    auto const bound = [&] { return asio::bind_cancellation_slot(stop.slot(), ignored()); };
    auto const taken_by = [&](auto const& launch) {
        send(1);
        auto const before = sub.counters().packets;
        auto at_launch = before;
        asio::post(context, [&] {
            launch();
            at_launch = sub.counters().packets;
        });
        test::run_ready(context);
        BOOST_TEST(sub.counters().packets == before + 1);
        return at_launch - before;
    };
    BOOST_TEST(taken_by([&] { asio::co_spawn(context, sub.recv(), ignored()); }) == 0U);
    BOOST_TEST(taken_by([&] { asio::co_spawn(context, wrapped(), ignored()); }) == 0U);
    BOOST_TEST(taken_by([&] { asio::co_spawn(context, wrapped(), bound()); }) == 0U);
    BOOST_TEST(taken_by([&] { sub.recv(ignored()); }) == 0U);
    BOOST_TEST(taken_by([&] { sub.recv(bound()); }) == 0U);
}

BOOST_AUTO_TEST_CASE(a_subscription_that_ends_after_a_recv_was_launched_ends_the_recv)
{
    send(3);
    test::run(context, receive(1)); // the others have left the kernel
    std::optional<error_code> failure;
    asio::post(context, [&] {
        asio::co_spawn(context, wrapped(), [&](std::exception_ptr const& why, packet const&) {
            failure = test::failure_of([&] {
                if (why)
                    std::rethrow_exception(why);
            });
        });
        sub.close();
    });
    test::run_until(context, [&] { return failure.has_value(); });
    BOOST_TEST((*failure == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(a_loop_over_what_is_there_runs_few_handlers)
{
    int const count = 60;
    send(count);
    asio::co_spawn(context, receive(count), asio::detached);
    BOOST_TEST(handlers_run() < 10U);
    BOOST_TEST(sub.counters().packets == std::uint64_t(count));
}

BOOST_AUTO_TEST_CASE(a_loop_that_can_be_cancelled_runs_few_handlers_too)
{
    int const count = 60;
    send(count);
    asio::cancellation_signal stop;
    asio::co_spawn(context, receive(count),
                   asio::bind_cancellation_slot(stop.slot(), asio::detached));
    BOOST_TEST(handlers_run() < 10U);
    BOOST_TEST(sub.counters().packets == std::uint64_t(count));
}

BOOST_AUTO_TEST_CASE(a_mark_may_outlive_its_subscription_and_its_coroutine_a_signal)
{
    asio::cancellation_signal stop;
    send(1);
    auto const body = [this]() -> asio::awaitable<void> {
        co_await receive(1);
        sub.close();
        subscription other = joined(test::ipv4.other_any_source);
        sub = std::move(other);
    };
    auto done = asio::co_spawn(context, body(),
                               asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    test::result_of(context, std::move(done));
    stop.emit(asio::cancellation_type::terminal); // calls the mark, which does nothing
    BOOST_TEST(sub.is_joined());
}

BOOST_AUTO_TEST_SUITE_END()
