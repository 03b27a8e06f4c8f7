// SPDX-License-Identifier: BSL-1.0

// What has to be one thing on both sides of the border of a shared library: the loop is the
// program's, and what waits in it the library's, each with its own copy of Asio's code.
#include <rollcast/rollcast.hpp>

#include "support/loopback.hpp"
#include "support/run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace rollcast::test {
namespace {

using namespace std::chrono_literals;

chart_config alone(std::uint64_t id)
{
    chart_config config;
    config.id = id;
    config.service_ports = {8000};
    config.name = "border";
    config.local_discovery = true;
    return config;
}

asio::awaitable<packet> receive_own(subscription& ear, publication& mouth)
{
    co_await mouth.send(asio::buffer("hello", 5));
    co_return co_await ear.recv();
}

} // namespace

BOOST_AUTO_TEST_SUITE(border)

BOOST_AUTO_TEST_CASE(an_error_means_the_same_on_both_sides)
{
    auto const ec = validate(subscription_config::any_source(net::group(address("239.1.1.1"), 0)));
    BOOST_TEST((ec == error::invalid_port));
    BOOST_TEST((&ec.category() == &category()));
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_library_is_caught_here)
{
    asio::io_context context;
    subscription ear(context.get_executor(), hearing(net::group(address("10.0.0.1"), 5000)));
    BOOST_CHECK_EXCEPTION(ear.join(), boost::system::system_error,
                          [](auto const& thrown) { return thrown.code() == error::not_multicast; });
    auto const code = failure_of([&] { run(context, ear.recv()); });
    BOOST_TEST((code == error::not_joined));
}

BOOST_AUTO_TEST_CASE(the_executor_comes_back_as_what_it_was)
{
    asio::io_context context;
    chart one(context.get_executor(), alone(1));
    BOOST_TEST((one.get_executor() == context.get_executor()));
    BOOST_TEST(one.get_executor().target<asio::io_context::executor_type>() != nullptr);
}

// The library made the reactor of this context, and reads in the loop of the program.
BOOST_AUTO_TEST_CASE(what_waits_in_the_library_is_woken_by_the_programs_loop)
{
    asio::io_context context;
    subscription ear(context.get_executor(), hearing(ipv4.any_source));
    ear.join();
    publication mouth(context.get_executor(), sending(ipv4.any_source));
    BOOST_TEST(run(context, receive_own(ear, mouth)).payload.size() == 5u);

    auto pending = asio::co_spawn(context, ear.recv(), asio::use_future);
    run_ready(context);
    BOOST_TEST(!is_ready(pending));
    run(context, mouth.send(asio::buffer("late", 4)));
    BOOST_TEST(result_of(context, std::move(pending)).payload.size() == 4u);
}

// The reactor then looks up the loop of its thread, in the library.
BOOST_AUTO_TEST_CASE(a_datagram_that_nobody_waits_for_is_an_event_like_others)
{
    asio::io_context context;
    auto const work = asio::make_work_guard(context);
    subscription ear(context.get_executor(), hearing(ipv4.any_source));
    ear.join();
    publication mouth(context.get_executor(), sending(ipv4.any_source));
    mouth.open();
    BOOST_TEST(mouth.try_send(asio::buffer("hello", 5)).bytes == 5u);
    run_ready(context);
    BOOST_TEST(ear.try_recv().has_value());
}

// And here the program's own timer was first.
BOOST_AUTO_TEST_CASE(a_wait_of_the_library_loses_against_a_timer_of_the_program)
{
    using namespace asio::experimental::awaitable_operators;
    asio::io_context context;
    asio::steady_timer timer(context, 10ms);
    subscription ear(context.get_executor(), hearing(ipv4.any_source));
    ear.join();
    auto const race = [&]() -> asio::awaitable<std::size_t> {
        auto const first = co_await (ear.recv() || timer.async_wait(asio::use_awaitable));
        co_return first.index();
    };
    BOOST_TEST(run(context, race) == 1u);
}

BOOST_AUTO_TEST_CASE(a_slot_of_the_program_cancels_in_the_library)
{
    asio::io_context context;
    subscription ear(context.get_executor(), hearing(ipv4.any_source));
    ear.join();
    asio::cancellation_signal stop;
    std::optional<error_code> ended;
    ear.recv(asio::bind_cancellation_slot(stop.slot(),
                                          [&](error_code ec, packet const&) { ended = ec; }));
    run_ready(context);
    stop.emit(asio::cancellation_type::total);
    run_until(context, [&] { return ended.has_value(); });
    BOOST_TEST((*ended == asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE(charts_find_each_other_on_threads_of_the_program)
{
    asio::io_context context;
    chart one(context.get_executor(), alone(1));
    chart other(context.get_executor(), alone(2));
    for (auto* each : {&one, &other}) {
        each->open();
        asio::co_spawn(context, each->maintain(), asio::detached);
    }
    auto found = asio::co_spawn(context, one.found_everyone(2), asio::use_future);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] { context.run(); });
    BOOST_TEST((found.wait_for(patience) == std::future_status::ready));
    BOOST_TEST(one.addr_vec().size() == 1u);
    for (auto* each : {&one, &other})
        asio::co_spawn(context, each->leave(), asio::detached);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace rollcast::test
