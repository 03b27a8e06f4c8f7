// SPDX-License-Identifier: BSL-1.0
#include "cli/numbered_arrivals.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>

using namespace rollcast::cli;
using rollcast::kernel_time;
using namespace std::chrono_literals;

namespace {

asio::ip::udp::endpoint const source(asio::ip::make_address("10.0.0.7"), 40001);
asio::ip::udp::endpoint const other_source(asio::ip::make_address("10.0.0.8"), 40001);

struct listener {
    /// A millisecond apart.
    void hear(std::initializer_list<std::uint64_t> numbers, std::uint32_t run = 1,
              asio::ip::udp::endpoint const& from = source)
    {
        for (auto const each : numbers)
            arrivals.hear(from, {run, each}, now += 1ms);
    }

    /// Two that were sent at once and arrive so far apart.
    void hear_apart(std::uint32_t run, std::chrono::milliseconds by)
    {
        arrivals.hear(source, {run, 0, 0}, kernel_time(0s));
        arrivals.hear(source, {run, 1, 0}, kernel_time(by));
    }

    void expect(std::uint64_t missing, std::uint64_t reordered, std::uint64_t repeated) const
    {
        BOOST_TEST(arrivals.missing() == missing);
        BOOST_TEST(arrivals.reordered() == reordered);
        BOOST_TEST(arrivals.repeated() == repeated);
    }

    numbered_arrivals arrivals;
    kernel_time now{1764489600s};
};

} // namespace

BOOST_AUTO_TEST_SUITE(cli_numbered_arrivals)

BOOST_FIXTURE_TEST_CASE(nothing_is_wrong_with_what_comes_in_order, listener)
{
    BOOST_TEST(!arrivals.any());
    hear({5, 6, 7, 8});
    BOOST_TEST(arrivals.any());
    expect(0, 0, 0);
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_between_the_first_and_the_last_is_counted, listener)
{
    hear({5, 8});
    expect(2, 0, 0);
    hear({20'000}); // further than the window reaches
    expect(19'993, 0, 0);
    hear({5 + 4 * 4096}); // in the place that the 5 had
    expect(19'992, 1, 0);
}

BOOST_FIXTURE_TEST_CASE(one_behind_a_higher_number_is_reordered_and_not_missing, listener)
{
    hear({1, 3, 2});
    expect(0, 1, 0);
    hear({6, 5, 4}); // both came behind the 6
    expect(0, 3, 0);
    hear({0}); // and this one before the first
    expect(0, 4, 0);
}

BOOST_FIXTURE_TEST_CASE(a_repetition_is_not_reordered, listener)
{
    hear({1, 2, 3, 2, 3, 1});
    expect(0, 0, 3);
    hear({5, 4, 4});
    expect(0, 1, 4);
}

BOOST_FIXTURE_TEST_CASE(what_comes_too_late_stays_missing, listener)
{
    hear({0, 5000, 5000 - 4095});
    expect(4998, 1, 0);
    hear({5000 - 4096, 0});
    expect(4998, 1, 0);
}

BOOST_FIXTURE_TEST_CASE(places_of_the_window_are_used_again, listener)
{
    for (std::uint64_t number = 0; number < 10'000; ++number)
        hear({number});
    expect(0, 0, 0);
    hear({12'000, 9'000, 11'000});
    expect(1999, 1, 1);
}

BOOST_FIXTURE_TEST_CASE(runs_and_senders_do_not_mix, listener)
{
    hear({10, 13}, 1);
    hear({10, 12}, 2);
    hear({3, 2, 2}, 1, other_source);
    expect(3, 1, 1);
}

BOOST_FIXTURE_TEST_CASE(numbers_do_not_begin_anew_after_the_last_one, listener)
{
    hear({UINT64_MAX - 2, UINT64_MAX, UINT64_MAX - 1, UINT64_MAX});
    expect(0, 1, 1);
    hear({0, 1}); // far behind
    expect(0, 1, 1);
}

BOOST_FIXTURE_TEST_CASE(forged_gaps_do_not_overflow, listener)
{
    hear({0, UINT64_MAX}, 1);
    expect(UINT64_MAX - 1, 0, 0);
    hear({0, UINT64_MAX}, 2);
    expect(UINT64_MAX, 0, 0);
}

BOOST_FIXTURE_TEST_CASE(strangers_cannot_make_it_remember_without_limit, listener)
{
    for (std::uint32_t run = 0; run < 2000; ++run)
        hear({1, 3}, run);
    expect(1024, 0, 0);
}

BOOST_FIXTURE_TEST_CASE(a_repetition_changes_no_jitter, listener)
{
    hear({0, 1, 2});
    auto const before = arrivals.jitter_of_all();
    BOOST_TEST(before.value().count() == 0.0);
    now += 10s;
    hear({1, 2});
    BOOST_TEST(arrivals.jitter_of_all().value().count() == 0.0);
    hear_apart(2, 16ms);
    BOOST_TEST(arrivals.jitter_of_all().value().count() == 0.001);
}

BOOST_FIXTURE_TEST_CASE(the_greatest_jitter_of_those_heard_since_is_told, listener)
{
    BOOST_TEST(!arrivals.take_recent_jitter().has_value());
    hear_apart(1, 16ms);
    hear_apart(2, 48ms);
    hear_apart(3, 32ms);
    BOOST_TEST(arrivals.take_recent_jitter().value().count() == 0.003);
    BOOST_TEST(!arrivals.take_recent_jitter().has_value());
    hear({1}, 4); // one alone tells nothing
    BOOST_TEST(!arrivals.take_recent_jitter().has_value());
    arrivals.hear(source, {3, 2, 0}, kernel_time(32ms));
    BOOST_TEST(arrivals.take_recent_jitter().value().count() < 0.002);
    BOOST_TEST(arrivals.jitter_of_all().value().count() == 0.003);
}

BOOST_FIXTURE_TEST_CASE(what_has_no_time_of_its_own_has_no_part_in_the_jitter, listener)
{
    arrivals.hear(source, {1, 0, 0}, kernel_time(0s));
    arrivals.hear(source, {1, 1, 0}, std::nullopt);
    BOOST_TEST(!arrivals.jitter_of_all().has_value());
    arrivals.hear(source, {1, 2, 0}, kernel_time(16ms));
    BOOST_TEST_REQUIRE(arrivals.jitter_of_all().has_value());
    BOOST_TEST(arrivals.jitter_of_all()->count() == 0.001, boost::test_tools::tolerance(1e-9));
    expect(0, 0, 0);
}

BOOST_AUTO_TEST_SUITE_END()
