// SPDX-License-Identifier: BSL-1.0
#include "support/printing.hpp"
#include "support/run.hpp"

#include <rollcast/receive.hpp>
#include <rollcast/receive/arbiter.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace rollcast;
using namespace std::chrono_literals;

namespace {

using told = std::vector<std::string>;

/// "17" is a datagram of that number, anything else is none.
std::optional<std::uint64_t> number_in(packet const& from)
{
    auto const text = from.text();
    std::uint64_t number = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    return ec == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                 : std::nullopt;
}

struct lines {
    arbiter all;
    arbiter::clock::time_point now{1h};
    told seen;

    explicit lines(arbiter_config const& config = {.window = 8, .patience = 10ms})
        : all(number_in, config)
    {
    }

    arbiter::sink into()
    {
        return [this](sequenced const& what) {
            if (what.kind == sequence_kind::datagram)
                seen.push_back(std::string(what.packet.text()) + ":" + std::to_string(what.line));
            else if (what.kind == sequence_kind::gap)
                seen.push_back("-" + std::to_string(what.number) + "x" +
                               std::to_string(what.missing));
            else
                seen.push_back("anew " + std::to_string(what.number));
        };
    }

    /// Its storage is used again as soon as it is taken, as that of a subscription.
    void hear(std::size_t line, std::string text)
    {
        packet heard;
        heard.payload = std::as_bytes(std::span(text));
        all.take(line, heard, now, into());
        std::ranges::fill(text, '?');
    }

    void hear(std::size_t line, std::uint64_t number) { hear(line, std::to_string(number)); }

    void wait(std::chrono::nanoseconds time)
    {
        now += time;
        if (all.deadline() && *all.deadline() <= now)
            all.expire(now, into());
    }

    told taken() { return std::exchange(seen, {}); }
};

struct fixture : lines {};

} // namespace

BOOST_FIXTURE_TEST_SUITE(receive_arbiter, fixture)

BOOST_AUTO_TEST_CASE(each_is_handed_on_once_by_the_line_that_brings_it_first)
{
    hear(0, 5);
    hear(1, 5);
    hear(1, 6);
    hear(0, 6);
    hear(0, 6);
    BOOST_TEST((taken() == told{"5:0", "6:1"}));
    BOOST_TEST(all.counters().repeated == 3U);
    BOOST_TEST(all.counters(0).datagrams == 3U);
    BOOST_TEST(all.counters(0).first == 1U);
    BOOST_TEST(all.counters(1).first == 1U);
    BOOST_TEST(!all.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(what_one_line_lost_the_other_one_brings)
{
    hear(0, 1);
    hear(0, 3);
    hear(0, 4);
    BOOST_TEST((taken() == told{"1:0"}));
    wait(9ms);
    hear(1, 2);
    BOOST_TEST((taken() == told{"2:1", "3:0", "4:0"}));
    hear(1, 3);
    BOOST_TEST(taken().empty());
    BOOST_TEST(all.counters().missing == 0U);
    BOOST_TEST(!all.deadline().has_value());
}

BOOST_AUTO_TEST_CASE(what_comes_by_no_line_in_time_is_told_with_its_numbers)
{
    hear(0, 1);
    hear(0, 5);
    BOOST_TEST_REQUIRE(all.deadline().has_value());
    BOOST_TEST((*all.deadline() == now + 10ms));
    wait(4ms);
    hear(1, 7);
    hear(1, 3);
    wait(6ms - 1ns);
    BOOST_TEST((taken() == told{"1:0"}));
    wait(1ns);
    // 2 and 4 were missed with 5, and 6 four milliseconds later with 7.
    BOOST_TEST((taken() == told{"-2x1", "3:1", "-4x1", "5:0"}));
    wait(4ms);
    BOOST_TEST((taken() == told{"-6x1", "7:1"}));
    BOOST_TEST(all.counters().missing == 3U);
}

BOOST_AUTO_TEST_CASE(what_comes_after_it_was_given_up_is_late_and_then_repeated)
{
    hear(0, 1);
    hear(0, 3);
    wait(10ms);
    hear(1, 2);
    hear(0, 2);
    BOOST_TEST((taken() == told{"1:0", "-2x1", "3:0"}));
    BOOST_TEST(all.counters().late == 1U);
    BOOST_TEST(all.counters().repeated == 1U);
}

BOOST_AUTO_TEST_CASE(no_more_are_held_than_the_window_has_numbers)
{
    hear(0, 0);
    for (std::uint64_t number = 2; number < 9; ++number)
        hear(0, number);
    BOOST_TEST((taken() == told{"0:0"}));
    hear(0, 9); // beyond it: one alone may be a stray
    BOOST_TEST(taken().empty());
    hear(0, 10);
    BOOST_TEST(
        (taken() == told{"-1x1", "2:0", "3:0", "4:0", "5:0", "6:0", "7:0", "8:0", "9:0", "10:0"}));
}

BOOST_AUTO_TEST_CASE(a_stream_that_goes_on_far_ahead_is_followed_and_the_gap_told)
{
    hear(0, 1);
    hear(0, 1'000'001);
    hear(1, 1'000'001); // which the other line confirms
    hear(0, 1'000'002);
    BOOST_TEST((taken() == told{"1:0", "-2x999999", "1000001:0", "1000002:0"}));
    BOOST_TEST(all.counters().repeated == 1U);
    hear(1, 999'999);
    BOOST_TEST(all.counters().late == 1U);
}

BOOST_AUTO_TEST_CASE(a_stray_number_changes_nothing)
{
    hear(0, 1);
    hear(0, 1'000'000'000);
    hear(0, 2);
    hear(1, 500);
    hear(0, 3);
    BOOST_TEST((taken() == told{"1:0", "2:0", "3:0"}));
    BOOST_TEST(all.counters().missing == 0U);
    BOOST_TEST(all.counters().unnumbered == 1U); // the other one may still be followed
}

BOOST_AUTO_TEST_CASE(a_sender_that_begins_anew_is_followed)
{
    hear(0, 100);
    hear(0, 102);
    hear(0, 1);
    hear(0, 2);
    hear(1, 1);
    hear(1, 3);
    BOOST_TEST((taken() == told{"100:0", "-101x1", "102:0", "anew 1", "1:0", "2:0", "3:1"}));
    BOOST_TEST(all.counters().restarts == 1U);
    BOOST_TEST(all.counters().repeated == 1U);
}

BOOST_AUTO_TEST_CASE(a_line_that_lags_further_than_the_window_leads_nobody_back)
{
    for (std::uint64_t const burst : {1U, 2U, 3U, 64U}) {
        lines two;
        for (std::uint64_t number = 500; number < 500 + 20 * burst; number += burst) {
            for (std::uint64_t i = 0; i < burst; ++i)
                two.hear(0, 10'000 + number + i);
            for (std::uint64_t i = 0; i < burst; ++i)
                two.hear(1, number + i);
            two.wait(1ms);
        }
        BOOST_TEST(two.seen.size() == 20 * burst);
        BOOST_TEST(two.all.counters().restarts == 0U);
        BOOST_TEST(two.all.counters().missing == 0U);
        BOOST_TEST(two.all.counters(1).datagrams == 20 * burst);
        BOOST_TEST(two.all.counters(1).first == 0U);
    }
}

BOOST_AUTO_TEST_CASE(where_the_other_line_has_died_the_lagging_one_is_followed)
{
    hear(0, 10'000);
    hear(1, 500);
    hear(0, 10'001);
    hear(1, 501);
    BOOST_TEST((taken() == told{"10000:0", "10001:0"}));
    wait(11ms);
    hear(1, 502);
    hear(1, 503);
    hear(1, 504);
    BOOST_TEST((taken() == told{"anew 502", "502:1", "503:1", "504:1"}));
}

BOOST_AUTO_TEST_CASE(the_end_of_an_earlier_life_leads_nobody_back_to_it)
{
    for (std::uint64_t number = 100; number < 104; ++number)
        for (std::size_t const line : {0U, 1U})
            hear(line, number);
    taken();
    hear(0, 1); // the sender has begun anew, and line 1 is a little behind
    hear(1, 104);
    hear(0, 2);
    hear(0, 3);
    hear(1, 105);
    hear(1, 106);
    hear(0, 4);
    hear(1, 1);
    hear(1, 2);
    hear(0, 5);
    BOOST_TEST((taken() == told{"104:1", "anew 2", "2:0", "3:0", "4:0", "5:0"}));
    BOOST_TEST(all.counters().restarts == 1U);
}

BOOST_AUTO_TEST_CASE(a_stray_that_the_stream_comes_to_is_its_own)
{
    hear(0, 1);
    hear(0, 10);
    hear(1, 2);
    hear(1, 3);
    hear(1, 10);
    hear(0, 12);
    wait(10ms);
    BOOST_TEST((taken() == told{"1:0", "2:1", "3:1", "-4x6", "10:0"}));
    wait(10ms); // since it has come within the window
    BOOST_TEST((taken() == told{"-11x1", "12:0"}));
    BOOST_TEST(all.counters().restarts == 0U);
    hear(0, 21);
    for (std::uint64_t number = 13; number < 21; ++number)
        hear(1, number);
    BOOST_TEST(taken().back() == "21:0");
    BOOST_TEST(all.counters().unnumbered == 0U);
}

// Whoever can send to the group can lead a stream without keys astray, but not for long.
BOOST_AUTO_TEST_CASE(two_forged_numbers_cost_a_gap_and_a_restart_and_no_datagram)
{
    for (std::size_t const forger : {0U, 1U}) {
        lines two;
        auto const hear_both = [&](std::uint64_t number) {
            two.hear(0, number);
            two.hear(1, number);
        };
        hear_both(1);
        hear_both(2);
        two.hear(forger, 1'000'000);
        two.hear(forger, 1'000'001);
        two.taken();
        hear_both(3);
        hear_both(4);
        hear_both(5);
        auto const first = std::to_string(forger);
        BOOST_TEST((two.taken() == told{"anew 3", "3:" + first, "4:" + first, "5:0"}));
        BOOST_TEST(two.all.counters().restarts == 1U);
        hear_both(6);
        BOOST_TEST((two.taken() == told{"6:0"}));
    }
}

BOOST_AUTO_TEST_CASE(a_lagging_line_that_lost_much_leads_nobody_back_either)
{
    for (std::uint64_t number = 10'000; number < 10'003; ++number)
        hear(0, number);
    for (std::uint64_t const number : {500U, 501U, 600U, 601U, 602U, 700U, 701U})
        hear(1, number);
    hear(0, 10'003);
    hear(0, 10'004);
    BOOST_TEST((taken() == told{"10000:0", "10001:0", "10002:0", "10003:0", "10004:0"}));
}

BOOST_AUTO_TEST_CASE(what_is_thrown_where_a_stream_begins_anew_loses_nothing)
{
    auto const heard_by = [&](std::uint64_t number, arbiter::sink const& sink) {
        auto const text = std::to_string(number);
        packet heard;
        heard.payload = std::as_bytes(std::span(text));
        all.take(0, heard, now, sink);
    };
    auto const throwing = [](sequenced const& what) {
        if (what.kind != sequence_kind::datagram)
            throw std::runtime_error("full");
    };
    hear(0, 100);
    hear(0, 1);
    BOOST_CHECK_THROW(heard_by(2, throwing), std::runtime_error);
    hear(0, 2);
    hear(0, 3);
    BOOST_TEST((taken() == told{"100:0", "1:0", "2:0", "3:0"}));
    hear(0, 1000);
    BOOST_CHECK_THROW(heard_by(1001, throwing), std::runtime_error);
    hear(0, 1001);
    BOOST_TEST((taken() == told{"1000:0", "1001:0"}));
}

BOOST_AUTO_TEST_CASE(a_window_of_one_holds_nothing_and_goes_on)
{
    lines one({.lines = 1, .window = 1, .patience = 10ms});
    for (std::uint64_t const number : {1U, 2U, 4U, 5U, 6U, 8U, 9U})
        one.hear(0, number);
    BOOST_TEST(
        (one.taken() == told{"1:0", "2:0", "-3x1", "4:0", "5:0", "6:0", "-7x1", "8:0", "9:0"}));
}

BOOST_AUTO_TEST_CASE(what_a_sink_throws_comes_out_and_the_next_call_goes_on)
{
    auto const throwing = [](sequenced const& what) {
        if (what.kind == sequence_kind::datagram)
            throw std::runtime_error("full");
    };
    packet heard;
    std::string const first = "1";
    heard.payload = std::as_bytes(std::span(first));
    BOOST_CHECK_THROW(all.take(0, heard, now, throwing), std::runtime_error);
    hear(0, 3);
    std::string const second = "2";
    heard.payload = std::as_bytes(std::span(second));
    BOOST_CHECK_THROW(all.take(0, heard, now, throwing), std::runtime_error);
    hear(1, 3); // the one that is held already
    BOOST_TEST((taken() == told{"3:0"}));
    hear(0, 5);
    now += 10ms;
    BOOST_CHECK_THROW(all.expire(now, throwing), std::runtime_error);
    BOOST_TEST(!all.deadline().has_value());
    all.expire(now, into());
    hear(0, 6);
    BOOST_TEST((taken() == told{"6:0"}));
    BOOST_TEST(all.counters().datagrams == 5U);
}

BOOST_AUTO_TEST_CASE(one_that_was_moved_from_is_no_arbiter_any_more)
{
    hear(0, 1);
    arbiter other(std::move(all));
    BOOST_TEST(other.counters().datagrams == 1U);
    BOOST_TEST(test::failure_of([&] { all.flush({}); }) == asio::error::bad_descriptor);
    all = arbiter(number_in);
    BOOST_TEST(all.counters().datagrams == 0U);
    BOOST_CHECK_THROW(hear(2, 1), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(what_was_sent_before_the_first_one_is_late)
{
    hear(0, 5);
    hear(1, 3);
    hear(1, 4);
    hear(1, 5);
    BOOST_TEST((taken() == told{"5:0"}));
    BOOST_TEST(all.counters().late == 2U);
    BOOST_TEST(all.counters().repeated == 1U);
}

BOOST_AUTO_TEST_CASE(numbers_begin_anew_after_the_greatest_one)
{
    lines rtp({.window = 8, .patience = 10ms, .number_bits = 16});
    std::uint64_t last = 0;
    auto const follow = [&](sequenced const& what) {
        BOOST_TEST((what.kind == sequence_kind::datagram));
        BOOST_TEST((last == 0 || what.number == last + 1));
        last = what.number;
    };
    for (std::uint64_t sent = 65'000; sent < 200'000; ++sent) {
        auto const text = std::to_string(sent & 0xffff);
        packet heard;
        heard.payload = std::as_bytes(std::span(text));
        rtp.all.take(sent % 2, heard, rtp.now, follow);
    }
    BOOST_TEST(last == 199'999U);
}

BOOST_AUTO_TEST_CASE(before_the_first_of_numbers_that_begin_anew_are_the_greatest)
{
    lines rtp({.window = 8, .patience = 10ms, .number_bits = 16});
    rtp.hear(0, 2);
    for (auto const number : {65'533, 65'534, 65'535, 0, 1, 2, 3})
        rtp.hear(1, static_cast<std::uint64_t>(number));
    BOOST_TEST((rtp.taken() == told{"2:0", "3:1"}));
    BOOST_TEST(rtp.all.counters().late == 5U);
    BOOST_TEST(rtp.all.counters().restarts == 0U);
}

BOOST_AUTO_TEST_CASE(what_has_no_number_is_counted_and_no_part_of_the_stream)
{
    hear(0, 1);
    hear(0, "heartbeat");
    hear(1, "");
    hear(0, 2);
    BOOST_TEST((taken() == told{"1:0", "2:0"}));
    BOOST_TEST(all.counters().unnumbered == 2U);
}

BOOST_AUTO_TEST_CASE(at_the_end_all_that_is_held_is_handed_on)
{
    hear(0, 1);
    hear(0, 3);
    hear(0, 6);
    all.flush(into());
    BOOST_TEST((taken() == told{"1:0", "-2x1", "3:0", "-4x2", "6:0"}));
    BOOST_TEST(!all.deadline().has_value());
    hear(0, 7);
    BOOST_TEST((taken() == told{"7:0"}));
}

BOOST_AUTO_TEST_CASE(what_it_says_reads_well)
{
    BOOST_TEST(to_string(sequenced{sequence_kind::gap, 7, 1}) == "7 is missing");
    BOOST_TEST(to_string(sequenced{sequence_kind::gap, 7, 3}) == "7 to 9 are missing");
    BOOST_TEST(to_string(sequenced{sequence_kind::restart, 7}) == "begins anew with 7");
    BOOST_TEST(to_string(sequenced{sequence_kind::datagram, 7}) == "7 by line 0, 0 bytes");
}

/// Two lines that lose, repeat and delay: what is handed on is what came in time, in order.
BOOST_AUTO_TEST_CASE(two_bad_lines_make_one_stream_without_repeats)
{
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed)
        {
            std::mt19937 dice(seed);
            auto const loss = dice() % 40;
            std::multimap<std::chrono::nanoseconds, std::pair<std::size_t, std::uint64_t>> arrivals;
            std::set<std::uint64_t> heard;
            constexpr std::uint64_t sent = 2000;
            for (std::uint64_t number = 0; number < sent; ++number)
                for (std::size_t line = 0; line < 2; ++line)
                    for (auto copies = dice() % 20 == 0 ? 2 : 1; copies > 0; --copies) {
                        if (dice() % 100 < loss)
                            continue;
                        auto const delay = std::chrono::microseconds(dice() % 900);
                        arrivals.emplace(100us * number + delay, std::pair(line, number));
                        heard.insert(number);
                    }
            lines two({.window = 64, .patience = 1ms}); // more than any delay, and than the window
            auto const begun = two.now;
            for (auto const& [when, what] : arrivals) {
                two.wait(begun + when - two.now);
                two.hear(what.first, what.second);
            }
            two.all.flush(two.into());
            std::uint64_t next = std::stoull(two.seen.at(0));
            heard.erase(heard.begin(), heard.lower_bound(next));
            for (auto const& each : two.seen) {
                if (each.starts_with('-')) {
                    BOOST_TEST_REQUIRE(std::stoull(each.substr(1)) == next);
                    auto const end = next + std::stoull(each.substr(each.find('x') + 1));
                    for (; next < end; ++next)
                        BOOST_TEST(!heard.contains(next));
                } else {
                    BOOST_TEST_REQUIRE(std::stoull(each) == next);
                    BOOST_TEST(heard.contains(next));
                    ++next;
                }
            }
            BOOST_TEST(next == *heard.rbegin() + 1);
            BOOST_TEST(two.all.counters().datagrams == heard.size());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
