// SPDX-License-Identifier: BSL-1.0
#include "chart/event_queue.hpp"
#include "support/run.hpp"
#include "support/sim_printing.hpp"

#include <rollcast/chart/notifications.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <thread>

using namespace rollcast;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;
using asio::cancellation_type;
using rollcast::detail::event_queue;

namespace {

event numbered(std::uint64_t id)
{
    event value;
    value.who.id = id;
    return value;
}

struct reader {
    asio::io_context context;
    std::shared_ptr<event_queue> queue = std::make_shared<event_queue>(context.get_executor(), 256);
    notifications events{context.get_executor(), queue};

    void push(std::uint64_t first, std::uint64_t last)
    {
        for (auto id = first; id <= last; ++id)
            queue->push(numbered(id));
    }

    event next() { return test::run(context, events.recv()); }

    std::future<event> start(asio::cancellation_signal& stop)
    {
        return events.recv(asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    }

    error_code outcome(std::future<event> pending)
    {
        return test::failure_of([&] { test::result_of(context, std::move(pending)); });
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_event_queue, reader)

BOOST_AUTO_TEST_CASE(events_come_in_the_order_they_happened)
{
    push(1, 100);
    for (std::uint64_t id = 1; id <= 100; ++id)
        BOOST_TEST(next().who.id == id);
    BOOST_TEST(!events.try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(a_waiting_reader_is_woken_by_an_event)
{
    auto pending = asio::co_spawn(context, events.recv(), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(pending));
    push(5, 6);
    BOOST_TEST(test::result_of(context, std::move(pending)).who.id == 5U);
    BOOST_TEST(next().who.id == 6U);
}

BOOST_AUTO_TEST_CASE(a_reader_that_took_an_event_by_polling_waits_for_another)
{
    push(1, 1);
    BOOST_TEST(events.try_recv().has_value());
    auto pending = asio::co_spawn(context, events.recv(), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(!test::is_ready(pending));
    push(2, 2);
    BOOST_TEST(test::result_of(context, std::move(pending)).who.id == 2U);
}

BOOST_AUTO_TEST_CASE(a_slow_reader_keeps_the_first_256_and_is_told_how_many_it_missed)
{
    push(1, 300);
    for (std::uint64_t id = 1; id <= 256; ++id)
        BOOST_TEST(next().who.id == id);
    auto const marker = next();
    BOOST_TEST(marker.kind == event_kind::overflow);
    BOOST_TEST(marker.missed == 44U);
    push(301, 301);
    BOOST_TEST(next().who.id == 301U);
}

BOOST_AUTO_TEST_CASE(what_a_reader_begins_with_takes_no_room_from_what_comes)
{
    std::vector<event> present;
    for (std::uint64_t id = 1; id <= 1000; ++id)
        present.push_back(numbered(id));
    queue->begin_with(present);
    push(1001, 1256);
    for (std::uint64_t id = 1; id <= 1000; ++id)
        BOOST_TEST(next().who.id == id);
    push(1257, 1257); // the room is not that of those who were read
    for (std::uint64_t id = 1001; id <= 1256; ++id)
        BOOST_TEST(next().who.id == id);
    BOOST_TEST(next().missed == 1U);
    BOOST_TEST(!events.try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_read_half_of_its_beginning_has_room_for_256_still)
{
    queue->begin_with({numbered(1), numbered(2), numbered(3), numbered(4)});
    (void)next();
    (void)next();
    push(5, 300);
    for (std::uint64_t id = 3; id <= 260; ++id)
        BOOST_TEST(next().who.id == id);
    BOOST_TEST(next().missed == 40U);
}

BOOST_AUTO_TEST_CASE(after_a_gap_nothing_comes_before_the_marker_of_it)
{
    push(1, 257);
    (void)next();
    push(258, 258); // there is room again, but it would jump the marker
    for (std::uint64_t id = 2; id <= 256; ++id)
        BOOST_TEST(next().who.id == id);
    BOOST_TEST(next().missed == 2U);
    BOOST_TEST(!events.try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(a_closed_queue_hands_out_the_rest_and_then_the_reason)
{
    push(1, 2);
    queue->close(error::stopped);
    push(3, 3);
    queue->close(error::malformed);
    BOOST_TEST(next().who.id == 1U);
    BOOST_TEST(next().who.id == 2U);
    BOOST_TEST(test::failure_of([&] { (void)next(); }) == error::stopped);
    BOOST_TEST(test::failure_of([&] { (void)next(); }) == error::stopped);
}

BOOST_AUTO_TEST_CASE(closing_ends_a_waiting_reader)
{
    auto pending = asio::co_spawn(context, events.recv(), asio::use_future);
    test::run_ready(context);
    queue->close(error::stopped);
    BOOST_TEST(outcome(std::move(pending)) == error::stopped);
}

BOOST_AUTO_TEST_CASE(a_second_wait_at_the_same_time_is_refused_and_the_first_goes_on)
{
    auto pending = asio::co_spawn(context, events.recv(), asio::use_future);
    test::run_ready(context);
    BOOST_TEST(test::failure_of([&] { (void)next(); }) == error::receive_in_progress);
    push(1, 1);
    BOOST_TEST(test::result_of(context, std::move(pending)).who.id == 1U);
}

BOOST_AUTO_TEST_CASE(destroying_the_reader_ends_its_wait)
{
    std::optional<notifications> owner(std::move(events));
    auto pending = owner->recv(asio::use_future);
    test::run_ready(context);
    owner.reset();
    BOOST_TEST(outcome(std::move(pending)) == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(every_type_of_cancellation_ends_a_wait_and_loses_nothing)
{
    for (auto const type :
         {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total}) {
        asio::cancellation_signal stop;
        auto pending = start(stop);
        test::run_ready(context);
        BOOST_TEST(!test::is_ready(pending));
        stop.emit(type);
        BOOST_TEST(outcome(std::move(pending)) == asio::error::operation_aborted);
    }
    push(1, 1);
    BOOST_TEST(next().who.id == 1U);
}

BOOST_AUTO_TEST_CASE(a_wait_cancelled_as_the_event_comes_delivers_it_or_leaves_it)
{
    for (int const event_first : {0, 1}) {
        asio::cancellation_signal stop;
        auto pending = start(stop);
        test::run_ready(context);
        if (event_first == 1)
            push(7, 7);
        stop.emit(cancellation_type::total);
        if (event_first == 0)
            push(7, 7);
        bool const delivered = !outcome(std::move(pending));
        BOOST_TEST(delivered != events.try_recv().has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_wait_yields_to_a_timer_and_an_event_beats_one)
{
    asio::steady_timer timer(context, 1ms);
    auto const race = [&]() -> asio::awaitable<std::size_t> {
        auto const either = co_await (events.recv() || timer.async_wait(asio::use_awaitable));
        co_return either.index();
    };
    BOOST_TEST(test::run(context, race) == 1U);
    push(1, 1);
    timer.expires_after(test::patience);
    BOOST_TEST(test::run(context, race) == 0U);
    BOOST_TEST(!events.try_recv().has_value());
}

BOOST_AUTO_TEST_CASE(thousands_of_waits_cut_short_lose_nothing)
{
    std::uint64_t pushed = 0;
    std::uint64_t expected = 1;
    std::size_t cut = 0;
    test::run(
        context,
        [&]() -> asio::awaitable<void> {
            asio::steady_timer timer(context);
            for (int cycle = 0; cycle < 3000; ++cycle) {
                if (cycle % 3 == 0)
                    asio::post(context, [&] { queue->push(numbered(++pushed)); });
                timer.expires_after(std::chrono::microseconds(cycle % 5 * 5));
                auto const either =
                    co_await (timer.async_wait(asio::use_awaitable) || events.recv());
                if (either.index() == 0)
                    ++cut;
                else
                    BOOST_TEST(std::get<1>(either).who.id == expected++);
            }
        },
        30s);
    test::run_ready(context);
    while (auto const left = events.try_recv())
        BOOST_TEST(left->who.id == expected++);
    BOOST_TEST(cut > 0U);
    BOOST_TEST(expected == pushed + 1);
}

BOOST_AUTO_TEST_CASE(readers_do_not_take_events_from_each_other)
{
    auto const second = std::make_shared<event_queue>(context.get_executor(), 256);
    notifications others(context.get_executor(), second);
    push(1, 3);
    second->push(numbered(9));
    BOOST_TEST(test::run(context, others.recv()).who.id == 9U);
    BOOST_TEST(next().who.id == 1U);
}

BOOST_AUTO_TEST_CASE(events_pushed_by_another_thread_all_arrive_in_order)
{
    constexpr std::uint64_t count = 20'000;
    std::thread pusher([&] {
        for (std::uint64_t id = 1; id <= count; ++id)
            queue->push(numbered(id));
        queue->close(error::stopped);
    });
    std::uint64_t last = 0;
    std::uint64_t heard = 0;
    auto const ended = test::failure_of([&] {
        for (;;) {
            auto const got = test::run(context, events.recv());
            heard += got.kind == event_kind::overflow ? got.missed : 1;
            if (got.kind == event_kind::overflow)
                continue;
            BOOST_TEST(got.who.id > last);
            last = got.who.id;
        }
    });
    pusher.join();
    BOOST_TEST(ended == error::stopped);
    BOOST_TEST(heard == count);
}

BOOST_AUTO_TEST_CASE(a_context_may_end_while_somebody_waits)
{
    auto const flag = std::make_shared<int>();
    {
        asio::io_context brief;
        auto body = [](asio::any_io_executor executor,
                       std::shared_ptr<int>) -> asio::awaitable<void> {
            notifications mine(executor, std::make_shared<event_queue>(executor, 256));
            (void)co_await mine.recv();
        };
        asio::co_spawn(brief, body(brief.get_executor(), flag), asio::detached);
        test::run_ready(brief);
        BOOST_TEST(flag.use_count() == 2);
    }
    BOOST_TEST(flag.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
