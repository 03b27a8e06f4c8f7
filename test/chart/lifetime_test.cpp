// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>

using namespace rollcast;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;
using asio::cancellation_type;
using test::failure_of;
using test::run;

BOOST_FIXTURE_TEST_SUITE(chart_lifetime, test::charts,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(leaving_ends_everything_in_order_and_is_told)
{
    auto one = make(1);
    auto other = make(2);
    auto seen = other.notify();
    auto mine = one.notify();
    auto first = maintain(one);
    auto const second = maintain(other);
    wait_until_found(other, 2);
    wait_until_found(one, 2);
    auto never = one.found_everyone(100, asio::use_future);
    test::run_ready(context);
    run(context, one.leave());
    BOOST_TEST(!outcome(std::move(first)).failed());
    BOOST_TEST(outcome(std::move(never)) == error::stopped);
    BOOST_TEST(next_about(seen, 1).kind == event_kind::found);
    BOOST_TEST(next_about(seen, 1).kind == event_kind::left);
    BOOST_TEST(run(context, mine.recv()).kind == event_kind::found);
    BOOST_TEST(failure_of([&] { run(context, mine.recv()); }) == error::stopped);
    BOOST_TEST(other.size() == 1U);
}

BOOST_AUTO_TEST_CASE(every_type_of_cancellation_ends_maintain_with_a_goodbye)
{
    auto other = make(2);
    auto seen = other.notify();
    auto const second = maintain(other);
    for (auto const type :
         {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        auto one = make(1);
        asio::cancellation_signal stop;
        auto first = maintain(one, stop);
        // Whoever is cancelled before its first word has nobody to say goodbye to.
        BOOST_TEST(next_about(seen, 1).kind == event_kind::found);
        stop.emit(type);
        BOOST_TEST(outcome(std::move(first)) == asio::error::operation_aborted);
        BOOST_TEST(next_about(seen, 1).kind == event_kind::left);
    }
}

BOOST_AUTO_TEST_CASE(maintain_cancelled_at_any_step_ends)
{
    for (int steps = 0; steps < 30; ++steps) {
        auto one = make(1);
        asio::cancellation_signal stop;
        auto first = maintain(one, stop);
        context.restart();
        for (int step = 0; step < steps; ++step)
            context.poll_one();
        stop.emit(cancellation_type::total);
        BOOST_TEST(outcome(std::move(first)) == asio::error::operation_aborted);
    }
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(maintain_that_loses_a_race_at_once_ends)
{
    auto one = make(1);
    auto const winner = run(context, [&]() -> asio::awaitable<std::size_t> {
        asio::steady_timer timer(context, std::chrono::steady_clock::time_point::min());
        auto const either = co_await (one.maintain() || timer.async_wait(asio::use_awaitable));
        co_return either.index();
    });
    BOOST_TEST(winner == 1U);
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(a_chart_may_be_run_and_cancelled_again_and_again)
{
    auto one = make(1);
    auto other = make(2);
    auto seen = other.notify();
    auto const second = maintain(other);
    life_id last{};
    for (int round = 0; round < 20; ++round) {
        asio::cancellation_signal stop;
        auto first = maintain(one, stop);
        BOOST_TEST(next_about(seen, 1).kind == event_kind::found);
        BOOST_TEST((one.our_life() != last));
        last = one.our_life();
        stop.emit(cancellation_type::terminal);
        BOOST_TEST(outcome(std::move(first)) == asio::error::operation_aborted);
        BOOST_TEST(next_about(seen, 1).kind == event_kind::left);
    }
}

BOOST_AUTO_TEST_CASE(after_leaving_a_chart_may_be_opened_and_run_again)
{
    auto one = make(1);
    auto other = make(2);
    auto const second = maintain(other);
    auto first = maintain(one);
    wait_until_found(one, 2);
    one.update_as(std::string("kept"));
    run(context, one.leave());
    BOOST_TEST(!outcome(std::move(first)).failed());
    one.open();
    auto events = one.notify();
    auto const again = maintain(one);
    BOOST_TEST(next_about(events, 2).kind == event_kind::found);
    wait_until_found(other, 2);
    BOOST_TEST(other.find(1)->data_as<std::string>().value() == "kept");
}

BOOST_AUTO_TEST_CASE(a_second_run_at_the_same_time_is_refused_and_the_first_goes_on)
{
    auto one = make(1);
    auto const first = maintain(one);
    run(context, one.found_everyone(1));
    BOOST_TEST(failure_of([&] { run(context, one.maintain()); }) == error::already_running);
    BOOST_TEST(failure_of([&] { run(context, one.sniff()); }) == error::already_running);
    auto other = make(2);
    auto const second = maintain(other);
    wait_until_found(one, 2);
    BOOST_TEST(!test::is_ready(first));
}

BOOST_AUTO_TEST_CASE(a_destroyed_chart_ends_all_that_is_pending_and_says_goodbye)
{
    auto other = make(2);
    auto seen = other.notify();
    auto second = maintain(other);
    std::optional<chart> one(make(1));
    auto events = one->notify();
    auto running = maintain(*one);
    wait_until_found(*one, 2);
    (void)run(context, events.recv());
    auto waiting = events.recv(asio::use_future);
    auto never = one->found_everyone(100, asio::use_future);
    test::run_ready(context);
    one.reset();
    BOOST_TEST(outcome(std::move(running)) == asio::error::operation_aborted);
    BOOST_TEST(outcome(std::move(never)).failed());
    BOOST_TEST(failure_of([&] { test::result_of(context, std::move(waiting)); }) == error::stopped);
    BOOST_TEST(next_about(seen, 1).kind == event_kind::found);
    BOOST_TEST(next_about(seen, 1).kind == event_kind::left);
    run(context, other.leave());
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(a_chart_destroyed_before_its_run_began_does_not_run)
{
    std::optional<chart> one(make(1));
    auto running = maintain(*one);
    one.reset();
    BOOST_TEST(outcome(std::move(running)) == asio::error::operation_aborted);
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(a_chart_destroyed_at_any_step_leaves_nothing_behind)
{
    for (int steps = 0; steps < 30; ++steps) {
        std::optional<chart> one(make(1));
        asio::cancellation_signal stop;
        auto running = maintain(*one, stop);
        auto never = one->found_everyone(2, asio::use_future);
        context.restart();
        for (int step = 0; step < steps; ++step)
            context.poll_one();
        if (steps % 2 == 0)
            stop.emit(cancellation_type::terminal);
        one.reset();
        BOOST_TEST(outcome(std::move(running)) == asio::error::operation_aborted);
        BOOST_TEST(outcome(std::move(never)).failed());
        BOOST_TEST(comes_to_rest());
    }
}

BOOST_AUTO_TEST_CASE(a_farewell_cut_short_by_destruction_leaves_nothing_behind)
{
    auto other = make(2);
    auto second = maintain(other);
    std::optional<chart> one(make(1));
    asio::cancellation_signal stop;
    auto running = maintain(*one, stop);
    wait_until_found(*one, 2);
    stop.emit(cancellation_type::terminal);
    test::run_ready(context);
    one.reset();
    BOOST_TEST(outcome(std::move(running)) == asio::error::operation_aborted);
    run(context, other.leave());
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(an_update_after_leaving_keeps_nothing_alive)
{
    auto other = make(2);
    auto second = maintain(other);
    auto one = make(1);
    auto first = maintain(one);
    wait_until_found(one, 2);
    run(context, one.leave());
    one.update_as(std::string("too late"));
    run(context, other.leave());
    other.update_as(std::string("too late"));
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(leaving_cannot_be_cut_short)
{
    auto one = make(1);
    auto first = maintain(one);
    run(context, one.found_everyone(1));
    asio::cancellation_signal stop;
    auto leaving = one.leave(asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    test::run_ready(context);
    stop.emit(cancellation_type::terminal);
    (void)outcome(std::move(leaving));
    BOOST_TEST(!outcome(std::move(first)).failed());
    BOOST_TEST(comes_to_rest());
}

BOOST_AUTO_TEST_CASE(a_context_may_end_with_everything_pending)
{
    auto const inside = std::make_shared<int>();
    {
        asio::io_context brief;
        auto application = [](asio::io_context& on, std::shared_ptr<int>) -> asio::awaitable<void> {
            chart mine(on.get_executor(), test::on_loopback(1));
            auto events = mine.notify();
            asio::co_spawn(on, mine.maintain(), asio::detached);
            (void)co_await events.recv();
        };
        asio::co_spawn(brief, application(brief, inside), asio::detached);
        brief.run_for(50ms);
        BOOST_TEST(inside.use_count() == 2);
    }
    BOOST_TEST(inside.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
