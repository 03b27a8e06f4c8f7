// SPDX-License-Identifier: BSL-1.0
#include "cli/jitter.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <optional>

using namespace rollcast::cli;
using rollcast::kernel_time;
using namespace std::chrono_literals;

namespace {

using milliseconds = std::chrono::milliseconds;

constexpr kernel_time start(1764489600s);

/// In microseconds since 1970.
std::uint64_t by_clock(kernel_time at)
{
    auto const since_1970 = at.time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count());
}

struct hearing {
    void plain(std::uint64_t number, milliseconds at) { heard.hear({1, number}, start + at); }
    void timed(std::uint64_t number, milliseconds sent, milliseconds at)
    {
        heard.hear({1, number, by_clock(clock + sent)}, start + at);
    }

    double in_milliseconds() const
    {
        return std::chrono::duration<double, std::milli>(heard.value().value()).count();
    }

    jitter heard;
    kernel_time clock = start; ///< Of the sender.
};

/// Ten milliseconds apart, with transit times of 5, 7, 4 and 6 ms.
void hear_four(hearing& by)
{
    by.timed(0, 0ms, 5ms);
    by.timed(1, 10ms, 17ms);
    by.timed(2, 20ms, 24ms);
    by.timed(3, 30ms, 36ms);
}

constexpr double of_four = 0.41064453125; // 2 / 16, + (3 - that) / 16, + (2 - that) / 16

} // namespace

BOOST_AUTO_TEST_SUITE(cli_jitter, *boost::unit_test::tolerance(1e-6))

BOOST_FIXTURE_TEST_CASE(differences_of_transit_times_are_smoothed, hearing)
{
    timed(0, 0ms, 5ms);
    BOOST_TEST(!heard.value().has_value());
    timed(1, 10ms, 17ms);
    BOOST_TEST(in_milliseconds() == 0.125);
    timed(2, 20ms, 24ms);
    BOOST_TEST(in_milliseconds() == 0.3046875);
    timed(3, 30ms, 36ms);
    BOOST_TEST(in_milliseconds() == of_four);
}

BOOST_AUTO_TEST_CASE(the_clocks_need_not_agree)
{
    for (auto const clock : {kernel_time(0s), start - 3600s, start + 24h * 365 * 90}) {
        hearing other;
        other.clock = clock;
        hear_four(other);
        BOOST_TEST(other.in_milliseconds() == of_four);
    }
}

BOOST_FIXTURE_TEST_CASE(uneven_sending_is_no_jitter_where_its_times_are_told, hearing)
{
    timed(0, 0ms, 5ms);
    timed(1, 1ms, 6ms);
    timed(2, 700ms, 705ms);
    timed(3, 710ms, 715ms);
    BOOST_TEST(in_milliseconds() == 0.0);
}

BOOST_FIXTURE_TEST_CASE(one_that_is_overtaken_counts_by_its_own_time, hearing)
{
    timed(0, 0ms, 5ms);
    timed(2, 20ms, 25ms);
    timed(1, 10ms, 26ms); // 16 ms on its way
    BOOST_TEST(in_milliseconds() == 11.0 / 16);
}

BOOST_FIXTURE_TEST_CASE(without_times_the_sender_is_taken_to_send_evenly, hearing)
{
    plain(0, 0ms);
    BOOST_TEST(!heard.value().has_value());
    plain(1, 10ms); // the spacing
    BOOST_TEST(in_milliseconds() == 0.0);
    plain(2, 24ms); // 14 ms instead of 12
    BOOST_TEST(in_milliseconds() == 0.125);
    plain(3, 30ms); // 6 ms instead of 10
    BOOST_TEST(in_milliseconds() == 0.3671875);
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_has_had_its_time, hearing)
{
    plain(7, 0ms);
    plain(8, 10ms);
    plain(10, 36ms); // 26 ms instead of twice 12
    BOOST_TEST(in_milliseconds() == 0.125);
}

BOOST_FIXTURE_TEST_CASE(one_that_is_overtaken_does_not_stretch_the_spacing, hearing)
{
    plain(0, 0ms);
    plain(1, 10ms);
    plain(3, 30ms);
    BOOST_TEST(in_milliseconds() == 0.0);
    plain(2, 31ms); // 1 ms after the other instead of 10 before
    BOOST_TEST(in_milliseconds() == 11.0 / 16);
}

BOOST_FIXTURE_TEST_CASE(before_the_first_there_is_no_spacing, hearing)
{
    plain(5, 0ms);
    plain(3, 1ms);
    BOOST_TEST(!heard.value().has_value());
    plain(6, 10ms); // 9 ms instead of three times 10
    BOOST_TEST(in_milliseconds() == 21.0 / 16);
}

BOOST_FIXTURE_TEST_CASE(times_that_no_clock_has_are_left_out, hearing)
{
    timed(0, 0ms, 5ms);
    timed(1, 10ms, 17ms);
    auto const forged = {UINT64_MAX, UINT64_MAX / 2, std::uint64_t{INT64_MAX} / 1000,
                         by_clock(start + 24h * 365 * 101)};
    std::uint64_t number = 100;
    for (auto const sent_at : forged)
        heard.hear({1, number++, sent_at}, start + 18ms);
    BOOST_TEST(in_milliseconds() == 0.125);
    timed(2, 20ms, 24ms);
    timed(3, 30ms, 36ms);
    BOOST_TEST(in_milliseconds() == of_four);
}

BOOST_FIXTURE_TEST_CASE(one_without_a_time_is_not_compared_with_one_that_has_it, hearing)
{
    timed(0, 0ms, 5ms);
    plain(1, 500ms);
    timed(2, 20ms, 27ms);
    BOOST_TEST(!heard.value().has_value());
    timed(3, 30ms, 37ms);
    BOOST_TEST(in_milliseconds() == 0.0);
}

BOOST_AUTO_TEST_CASE(numbers_and_times_of_any_size_give_a_number)
{
    for (bool const with_times : {false, true}) {
        jitter heard;
        auto at = start;
        for (std::uint64_t const number :
             {std::uint64_t{0}, UINT64_MAX, std::uint64_t{1}, UINT64_MAX - 1, UINT64_MAX / 2}) {
            auto const sent_at = with_times ? std::optional(number) : std::nullopt;
            heard.hear({1, number, sent_at}, at);
            at += 1ms;
        }
        BOOST_TEST(std::isfinite(heard.value().value().count()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
