// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
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

BOOST_AUTO_TEST_CASE(three_threads_read_while_a_thousand_instances_come_and_go)
{
    constexpr std::size_t many = 1000;
    chart one(context.get_executor(), test::on_loopback(1));
    auto first = one.maintain(asio::use_future);
    wait_until_open(one);
    asio::io_context sending;
    publication pub(sending.get_executor(), test::sending({default_group_v4(), 8080}));
    std::uint64_t sent = 0;
    auto const tell_until = [&](message_type type, std::size_t size) {
        auto const limit = std::chrono::steady_clock::now() + test::patience;
        for (std::uint64_t i = 0; one.size() != size && std::chrono::steady_clock::now() < limit;
             ++i) {
            error_code ec;
            auto const said = test::stranger(100 + i % many).datagram(type);
            pub.try_send(asio::buffer(said), ec);
            sent += !ec;
            // No more than the queue of the socket holds.
            while (one.counters().received + 50 < sent && std::chrono::steady_clock::now() < limit)
                std::this_thread::yield();
        }
        return one.size() == size;
    };
    std::atomic<std::size_t> most = 0;
    std::atomic<std::size_t> wrong = 0;
    auto const read = [&](std::stop_token const& stop) {
        while (!stop.stop_requested()) {
            auto const all = one.addr_vec();
            most = std::max<std::size_t>(most, all.size());
            wrong += static_cast<std::size_t>(std::ranges::count_if(
                all, [](auto const& each) { return each.second.port() != 8042; }));
        }
    };
    {
        std::jthread const readers[] = {std::jthread(read), std::jthread(read), std::jthread(read)};
        BOOST_TEST(tell_until(message_type::hello, many + 1));
        BOOST_TEST(tell_until(message_type::bye, 1));
    }
    BOOST_TEST(most > 0U);
    BOOST_TEST(wrong == 0U);
    get(one.leave(asio::use_future));
    get(std::move(first));
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
