// SPDX-License-Identifier: BSL-1.0
#include "support/sim_charts.hpp"

#include <rollcast/rethrow.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>

// What becomes of the failures of coroutines that nobody waits for.

using namespace rollcast;
using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;

namespace {

template <class T>
asio::awaitable<T> failing(error_code ec)
{
    throw boost::system::system_error(ec, "eht0");
    co_return T{}; // makes it a coroutine
}

asio::awaitable<void> failing_otherwise()
{
    throw std::runtime_error("something else");
    co_return; // makes it a coroutine
}

/// Goes on until it is cancelled.
asio::awaitable<void> waiting()
{
    asio::steady_timer timer(co_await asio::this_coro::executor,
                             asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<int> ending()
{
    co_return 5;
}

/// What leaves the context when this coroutine runs in it, in words; empty if nothing does.
std::string words_of(auto coroutine)
{
    asio::io_context context;
    asio::co_spawn(context, std::move(coroutine), rethrow);
    try {
        context.run();
    } catch (std::exception const& problem) {
        return problem.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(rethrowing)

BOOST_AUTO_TEST_CASE(a_failure_leaves_the_context_with_what_it_said)
{
    BOOST_TEST(words_of(failing_otherwise()) == "something else");
    auto const words = words_of(failing<int>(error::unknown_interface));
    BOOST_TEST(words.starts_with("eht0: no such interface"));
}

BOOST_AUTO_TEST_CASE(an_end_without_a_failure_and_with_any_result_is_none)
{
    BOOST_TEST(words_of(ending()).empty());
    BOOST_TEST(words_of(ending() && ending()).empty());
    BOOST_TEST(words_of(ending() || failing<int>(error::malformed)).empty());
}

BOOST_AUTO_TEST_CASE(what_somebody_wished_for_is_no_failure)
{
    BOOST_TEST(words_of(failing<int>(asio::error::operation_aborted)).empty());
    BOOST_TEST(words_of(failing<int>(error::stopped)).empty());
}

BOOST_AUTO_TEST_CASE(of_several_failures_the_first_counts)
{
    // Whichever is first cancels the other one.
    auto const words =
        words_of(failing<int>(error::unknown_interface) && failing<int>(error::malformed));
    BOOST_TEST(words.starts_with("eht0: no such interface"));
    auto stopped = failing<int>(error::stopped) && failing<int>(error::malformed);
    BOOST_TEST(words_of(std::move(stopped)).empty());
}

BOOST_AUTO_TEST_CASE(a_failure_that_cancels_the_other_side_is_not_lost_whichever_side_it_is)
{
    BOOST_TEST(words_of(failing_otherwise() && waiting()) == "something else");
    // Asio keeps the failure of the left side only, which is that it was cancelled.
    BOOST_TEST(words_of(waiting() && failing_otherwise()).find("failed") != std::string::npos);
    BOOST_TEST(words_of(waiting() && failing<int>(error::malformed)).find("failed") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_cancelled_from_outside_ends_in_order_whatever_it_consists_of)
{
    auto const cancelled = [](auto coroutine) {
        asio::io_context context;
        asio::cancellation_signal stop;
        asio::co_spawn(context, std::move(coroutine),
                       asio::bind_cancellation_slot(stop.slot(), rethrow));
        context.poll();
        stop.emit(asio::cancellation_type::terminal);
        BOOST_CHECK_NO_THROW(context.run());
    };
    cancelled(waiting());
    cancelled(waiting() && waiting());
    cancelled(waiting() || waiting());
    cancelled((waiting() && waiting()) && waiting());
}

BOOST_AUTO_TEST_CASE(a_chart_that_cannot_be_opened_ends_the_program_and_says_why)
{
    asio::io_context context;
    auto config = test::on_loopback(1);
    config.services = {{"two words", 8042}};
    chart wrong(context.get_executor(), config);
    asio::co_spawn(context, wrong.maintain(), rethrow);
    BOOST_CHECK_EXCEPTION(context.run(), boost::system::system_error, [](auto const& problem) {
        return std::string_view(problem.what()).find("two words") != std::string_view::npos;
    });
}

BOOST_AUTO_TEST_CASE(a_chart_that_is_cancelled_left_or_destroyed_ends_in_order,
                     *boost::unit_test::precondition(test::loopback_carries_ipv4))
{
    asio::io_context context;
    asio::cancellation_signal stop;
    std::optional<chart> three[3];
    for (std::uint64_t i = 0; i < 3; ++i) {
        auto& each = three[i].emplace(context.get_executor(), test::on_loopback(i + 1));
        each.open();
        asio::co_spawn(context, each.found_everyone(9), rethrow);
    }
    asio::co_spawn(context, three[0]->maintain(),
                   asio::bind_cancellation_slot(stop.slot(), rethrow));
    asio::co_spawn(context, three[1]->maintain(), rethrow);
    asio::co_spawn(context, three[2]->maintain(), rethrow);
    asio::post(context, [&] {
        stop.emit(asio::cancellation_type::terminal);
        asio::co_spawn(context, three[1]->leave(), rethrow);
        three[2].reset();
    });
    BOOST_CHECK_NO_THROW(context.run_for(test::patience));
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
