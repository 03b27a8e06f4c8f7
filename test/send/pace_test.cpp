// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/send/pacer.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <limits>
#include <optional>
#include <utility>

using namespace rollcast;
using namespace std::chrono_literals;

namespace {

using clock_time = pace::clock::time_point;

clock_time shown(std::chrono::nanoseconds since_begin)
{
    return clock_time(1h) + since_begin;
}

} // namespace

BOOST_AUTO_TEST_SUITE(send_pace)

BOOST_AUTO_TEST_CASE(so_many_go_in_a_second_however_many_at_a_time)
{
    for (auto const& [rate, count] : {std::pair(1000.0, 1U), std::pair(3.0, 1U),
                                      std::pair(1e6 / 3, 7U), std::pair(1.25e9, 1200U)}) {
        pace pace(rate);
        pace.reserve(1, shown(0ns));
        auto const begin = pace.reserve(0, shown(0ns));
        auto now = begin;
        std::uint64_t sent = 0;
        for (; sent < 100'000; sent += count)
            now = std::max(now, pace.reserve(count, now)); // waits for as long as it is told
        std::chrono::duration<double> const took = pace.reserve(0, now) - begin;
        BOOST_TEST(took.count() == static_cast<double>(sent) / rate,
                   boost::test_tools::tolerance(1e-6));
    }
}

BOOST_AUTO_TEST_CASE(a_rate_that_no_clock_divides_is_kept_for_a_day)
{
    pace pace(3e6 / 7);
    auto const begin = pace.reserve(0, shown(0ns));
    std::uint64_t sent = 0;
    auto now = shown(0ns);
    for (int i = 0; i < 24 * 3600 * 20; ++i, now += 50ms)
        while (pace.reserve(0, now) <= now) {
            pace.reserve(10'000, now);
            sent += 10'000;
        }
    std::chrono::duration<double> const took = pace.reserve(0, now) - begin;
    BOOST_TEST(static_cast<double>(sent) / took.count() == 3e6 / 7,
               boost::test_tools::tolerance(2e-6)); // it begins with a tenth of a second
}

BOOST_AUTO_TEST_CASE(what_became_due_meanwhile_goes_at_once_but_no_flood)
{
    pace pace(1000);
    auto const go_at_once = [&](clock_time now) {
        int count = 0;
        while (pace.reserve(0, now) <= now) {
            pace.reserve(1, now);
            ++count;
        }
        return count;
    };
    BOOST_TEST(go_at_once(shown(0ns)) == 1);
    BOOST_TEST(go_at_once(shown(50ms)) == 50);
    BOOST_TEST(go_at_once(shown(10s)) == 101); // a tenth of a second, and the one that is due
}

BOOST_AUTO_TEST_CASE(what_did_not_go_is_given_back)
{
    pace pace(10);
    auto const first = pace.reserve(5, shown(0ns));
    auto const second = pace.reserve(5, shown(0ns));
    BOOST_TEST((second - first == 500ms));
    pace.give_back(5);
    BOOST_TEST((pace.reserve(1, shown(0ns)) == second));
    pace.give_back(100); // more than there were
    BOOST_TEST((pace.reserve(1, shown(0ns)) >= first));
}

BOOST_AUTO_TEST_CASE(another_rate_counts_from_now_on)
{
    pace pace(10);
    auto const first = pace.reserve(1, shown(0ns));
    pace.set_rate(1000);
    BOOST_TEST(pace.per_second() == 1000);
    BOOST_TEST((pace.reserve(1, shown(0ns)) == first + 100ms));
    BOOST_TEST((pace.reserve(1, shown(0ns)) == first + 101ms));
}

BOOST_AUTO_TEST_CASE(what_takes_for_ever_does_not_come_at_once)
{
    pace slow(1e-11);
    slow.reserve(1, shown(0ns));
    BOOST_TEST((slow.reserve(1, shown(0ns)) > shown(24h * 365)));
    pace large(1);
    large.reserve(std::numeric_limits<std::uint64_t>::max(), shown(0ns));
    BOOST_TEST((large.reserve(7, shown(0ns)) > shown(24h * 365)));
    BOOST_TEST((large.reserve(1, shown(0ns)) > shown(24h * 365)));
    for (int i = 0; i < 5; ++i)
        large.reserve(std::numeric_limits<std::uint64_t>::max(), shown(0ns));
    BOOST_TEST((large.reserve(1, shown(0ns)) > shown(24h * 365)));
}

BOOST_AUTO_TEST_CASE(what_is_no_rate_is_refused)
{
    for (double const rate : {0.0, -1.0, 1.1e12, std::numeric_limits<double>::infinity(),
                              std::numeric_limits<double>::quiet_NaN()})
        BOOST_TEST(test::failure_of([&] { pace refused(rate); }) == error::invalid_rate);
    pace kept(5);
    BOOST_TEST(test::failure_of([&] { kept.set_rate(0); }) == error::invalid_rate);
    BOOST_TEST(kept.per_second() == 5);
}

BOOST_AUTO_TEST_CASE(a_turn_waits_and_those_behind_wait_longer)
{
    asio::io_context context;
    pacer pacer(context, 200);
    auto const begin = pace::clock::now();
    test::run(context, pacer.turn(20)); // the first ones go at once
    std::array<int, 3> order{};
    int done = 0;
    for (auto& each : order)
        pacer.turn(10, [&](error_code const& ec) { each = ec ? -1 : ++done; });
    test::run_until(context, [&] { return done == 3; });
    BOOST_TEST((order == std::array{1, 2, 3}));
    BOOST_TEST((pace::clock::now() - begin >= 200ms)); // 40 before the last turn, at 200 a second
}

BOOST_AUTO_TEST_CASE(who_gives_up_lets_others_pass)
{
    asio::io_context context;
    pacer pacer(context, 2);
    test::run(context, pacer.turn());
    asio::cancellation_signal stop;
    std::optional<error_code> ended;
    pacer.turn(
        100, asio::bind_cancellation_slot(stop.slot(), [&](error_code const& ec) { ended = ec; }));
    context.poll();
    stop.emit(asio::cancellation_type::partial);
    test::run_until(context, [&] { return ended.has_value(); });
    BOOST_TEST(*ended == asio::error::operation_aborted);
    // Behind the hundred it would come after 50 seconds.
    bool has_passed = false;
    pacer.turn(1, [&](error_code const&) { has_passed = true; });
    test::run_until(context, [&] { return has_passed; });
}

BOOST_AUTO_TEST_CASE(a_pacer_that_is_gone_ends_what_waits)
{
    asio::io_context context;
    std::optional<pacer> gone;
    std::optional<error_code> ended;
    for (bool const has_begun : {true, false}) {
        ended.reset();
        gone.emplace(context, 0.1);
        test::run(context, gone->turn());
        gone->turn(1, [&](error_code const& ec) { ended = ec; });
        context.restart();
        if (has_begun)
            context.poll();
        gone.reset();
        test::run_until(context, [&] { return ended.has_value(); });
        BOOST_TEST(*ended == asio::error::operation_aborted);
    }
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_is_no_pacer_any_more)
{
    asio::io_context context;
    pacer first(context, 5);
    pacer second(std::move(first));
    BOOST_TEST(second.per_second() == 5);
    BOOST_TEST(test::failure_of([&] { first.set_rate(1); }) == asio::error::bad_descriptor);
    first = pacer(context, 7);
    BOOST_TEST(first.per_second() == 7);
}

BOOST_AUTO_TEST_SUITE_END()
