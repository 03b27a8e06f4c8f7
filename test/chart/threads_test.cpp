// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <thread>

using namespace rollcast;
using namespace std::chrono_literals;

namespace {

/// A context that several threads run.
struct crew {
    asio::io_context context;
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::vector<std::jthread> threads;

    crew()
    {
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([this] { context.run(); });
    }
    ~crew() { work.reset(); }

    static void wait_until_open(chart const& which)
    {
        auto const limit = std::chrono::steady_clock::now() + test::patience;
        while (which.interfaces().empty() && std::chrono::steady_clock::now() < limit)
            std::this_thread::yield();
    }

    template <class T>
    static T get(std::future<T> pending)
    {
        BOOST_TEST_REQUIRE((pending.wait_for(test::patience) == std::future_status::ready));
        return pending.get();
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(chart_threads, crew,
                         *boost::unit_test::precondition(test::loopback_carries_ipv4))

BOOST_AUTO_TEST_CASE(everything_may_be_asked_from_any_thread_while_charts_run)
{
    chart one(context.get_executor(), test::on_loopback(1));
    chart other(context.get_executor(), test::on_loopback(2));
    auto first = one.maintain(asio::use_future);
    auto second = other.maintain(asio::use_future);
    get(one.found_everyone(2, asio::use_future));
    get(other.found_everyone(2, asio::use_future));
    std::atomic<std::size_t> seen = 0;
    auto const ask = [&](int rounds) {
        for (int round = 0; round < rounds; ++round) {
            seen += one.addr_vec().size() + one.snapshot().size() + other.size();
            one.update_as(round);
            (void)one.get_addr(2);
            (void)one.counters();
            (void)one.our_data();
            (void)other.interfaces();
            auto events = other.notify();
            (void)events.try_recv();
        }
    };
    {
        std::jthread const a(ask, 200);
        std::jthread const b(ask, 200);
    }
    BOOST_TEST(seen > 0U);
    auto left = one.leave(asio::use_future);
    get(std::move(left));
    get(std::move(first));
    get(other.leave(asio::use_future));
    get(std::move(second));
}

BOOST_AUTO_TEST_CASE(a_chart_may_be_destroyed_by_another_thread_while_it_runs)
{
    for (int round = 0; round < 20; ++round) {
        chart other(context.get_executor(), test::on_loopback(2));
        auto second = other.maintain(asio::use_future);
        wait_until_open(other);
        std::future<void> first;
        {
            chart one(context.get_executor(), test::on_loopback(1));
            first = one.maintain(asio::use_future);
            if (round % 2 == 0)
                get(one.found_everyone(2, asio::use_future));
        }
        BOOST_CHECK_THROW(get(std::move(first)), boost::system::system_error);
        get(other.leave(asio::use_future));
        get(std::move(second));
    }
}

BOOST_AUTO_TEST_CASE(one_reader_misses_nothing_while_threads_update)
{
    chart one(context.get_executor(), test::on_loopback(1));
    chart other(context.get_executor(), test::on_loopback(2));
    auto events = one.notify();
    auto first = one.maintain(asio::use_future);
    auto second = other.maintain(asio::use_future);
    BOOST_TEST(get(events.recv(asio::use_future)).kind == event_kind::found);
    other.update_as(7);
    for (;;) {
        auto const told = get(events.recv(asio::use_future));
        auto const value = told.who.data_as<int>();
        if (value && *value == 7)
            break;
    }
    get(one.leave(asio::use_future));
    get(other.leave(asio::use_future));
    get(std::move(first));
    get(std::move(second));
}

BOOST_AUTO_TEST_SUITE_END()
