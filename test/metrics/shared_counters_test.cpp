// SPDX-License-Identifier: BSL-1.0
#include "metrics/recorder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

using namespace rollcast;

namespace {

/// Always alike, except in the middle of a change.
struct alike {
    std::array<std::uint64_t, 24> each{};
    std::uint8_t tail = 0; ///< So that the last word is not a whole one.

    bool is_whole() const
    {
        return std::ranges::count(each, each[0]) == std::ranges::ssize(each) &&
               tail == static_cast<std::uint8_t>(each[0]);
    }
};

/// A reader that looks again and again while counters change as fast as they can.
template <std::size_t copies>
void check_two_threads()
{
    constexpr std::uint64_t enough_changes = 50'000;
    constexpr std::uint64_t enough_reads = 1'000'000; // where threads take turns on one processor
    metrics::shared_counters<alike, copies> shared;
    std::atomic<bool> done = false;
    std::uint64_t broken = 0;
    std::uint64_t backwards = 0;
    std::uint64_t changes = 0;
    std::thread reader([&] {
        std::uint64_t newest = 0;
        for (std::uint64_t i = 0; i < enough_reads && changes < enough_changes; ++i) {
            auto const seen = shared.load();
            broken += !seen.is_whole();
            backwards += seen.each[0] < newest;
            changes += seen.each[0] != newest;
            newest = seen.each[0];
        }
        done = true;
    });
    for (std::uint64_t i = 1; !done; ++i)
        shared.record([i](alike& now) {
            now.each.fill(i);
            now.tail = static_cast<std::uint8_t>(i);
        });
    reader.join();
    BOOST_TEST(broken == 0U);
    BOOST_TEST(backwards == 0U);
    BOOST_TEST(changes > 0U);
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_shared_counters)

BOOST_AUTO_TEST_CASE(a_reader_sees_what_was_recorded)
{
    metrics::shared_counters<alike> shared({{7}, 9});
    BOOST_TEST(shared.load().each[0] == 7U);
    BOOST_TEST(shared.load().tail == 9U);
    shared.record([](alike& now) { now.each[23] = 8; });
    BOOST_TEST(shared.load().each[0] == 7U);
    BOOST_TEST(shared.load().each[23] == 8U);
}

BOOST_AUTO_TEST_CASE(a_reader_in_another_thread_never_sees_half_a_change)
{
    check_two_threads<4>(); // as it is used
    check_two_threads<2>(); // where a reader is overtaken much more often
}

BOOST_AUTO_TEST_CASE(nothing_is_recorded_while_metrics_are_off)
{
    metrics::recorder<metrics::publication_record> recorder;
    bool called = false;
    recorder.record([&](auto&) { called = true; });
    BOOST_TEST(!called);
    BOOST_TEST(!recorder.is_on());
}

BOOST_AUTO_TEST_CASE(switched_on_it_begins_with_what_was_counted_and_stays_on)
{
    metrics::recorder<metrics::publication_record> recorder;
    auto const reader = recorder.switch_on({{.packets = 3}});
    BOOST_TEST(recorder.is_on());
    BOOST_TEST(reader.snapshot().packets_sent == 3U);
    auto const second = recorder.switch_on({{.packets = 100}});
    recorder.record([](auto& now) { ++now.counters.packets; });
    BOOST_TEST(reader.snapshot().packets_sent == 4U);
    BOOST_TEST(second.snapshot().packets_sent == 4U);
}

BOOST_AUTO_TEST_CASE(a_reader_outlives_the_object_it_reads)
{
    auto recorder = std::make_unique<metrics::recorder<metrics::receiver_record>>();
    auto const reader = recorder->switch_on();
    recorder->record([](auto& now) { now.active_subscriptions = 2; });
    recorder.reset();
    BOOST_TEST(reader.snapshot().active_subscriptions == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
