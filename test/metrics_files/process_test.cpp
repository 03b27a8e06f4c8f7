// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics_files/process.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <future>
#include <thread>
#include <vector>

#include <fcntl.h>

using namespace rollcast;
using namespace rollcast::metrics;
using namespace std::chrono_literals;

namespace {

process_snapshot now()
{
    return capture_process().value();
}

/// Works until the process has used so much more of a processor, however often it is interrupted.
void work(double cpu_seconds)
{
    auto const begin = now().cpu_user_secs_total;
    double volatile sum = 0;
    while (now().cpu_user_secs_total < begin + cpu_seconds)
        for (int i = 0; i < 1'000'000; ++i)
            sum = sum + i;
}

std::uint64_t descriptors_in_use()
{
    std::uint64_t used = 0;
    for (int each = 0; each < 65'536; ++each)
        used += ::fcntl(each, F_GETFD) != -1;
    return used;
}

/// A thread that has nothing to do until it is told to end.
class idle_thread {
public:
    idle_thread() { started_.get_future().wait(); }
    ~idle_thread()
    {
        end_.set_value();
        thread_.join();
    }

private:
    std::promise<void> started_;
    std::promise<void> end_;
    std::thread thread_{[this] {
        started_.set_value();
        end_.get_future().wait();
    }};
};

} // namespace

BOOST_AUTO_TEST_SUITE(metrics_process)

BOOST_AUTO_TEST_CASE(threads_and_descriptors_are_counted)
{
    {
        idle_thread const first;
    } // with it a sanitizer may start a thread of its own
    auto const before = now();
    std::vector<std::ifstream> files;
    for (int i = 0; i < 3; ++i)
        files.emplace_back("/dev/null");
    idle_thread const one;
    auto const after = now();
    BOOST_TEST(after.open_fds == descriptors_in_use());
    BOOST_TEST(after.thread_count == before.thread_count + 1);
    BOOST_TEST(after.open_fds == before.open_fds + 3);
}

BOOST_AUTO_TEST_CASE(memory_is_counted_as_it_is_reserved_and_used)
{
    constexpr std::size_t size = 64 << 20;
    auto const before = now();
    std::vector<char> memory(size, 'x');
    auto const after = now();
    BOOST_TEST(memory[size / 2] == 'x');
    BOOST_TEST(after.rss_bytes > before.rss_bytes + size / 2);
    BOOST_TEST(after.virtual_memory_bytes > before.virtual_memory_bytes + size / 2);
    BOOST_TEST(after.virtual_memory_bytes > after.rss_bytes);
    BOOST_TEST(after.page_faults_minor_total > before.page_faults_minor_total);
}

BOOST_AUTO_TEST_CASE(processor_time_is_counted_and_fits_the_interval)
{
    auto const before = now();
    work(0.1);
    auto const used = delta(before, now()).value();
    BOOST_TEST(used.cpu_user_secs >= 0.1);
    BOOST_TEST(used.cpu_total_secs == used.cpu_user_secs + used.cpu_system_secs);
    BOOST_TEST(used.cpu_util_percent > 0.0);
    auto const cores = std::max(1U, std::thread::hardware_concurrency());
    BOOST_TEST(used.cpu_util_percent < 110.0 * cores); // the clocks are not one
}

BOOST_AUTO_TEST_CASE(context_switches_of_every_thread_are_counted)
{
    auto const before = now();
    std::thread([] {
        for (int i = 0; i < 50; ++i)
            std::this_thread::sleep_for(10us);
    }).join();
    BOOST_TEST(now().ctx_switches_voluntary_total >= before.ctx_switches_voluntary_total + 50);
}

BOOST_AUTO_TEST_CASE(a_delta_has_the_totals_growth_and_the_later_gauges)
{
    process_snapshot earlier;
    static_cast<process_usage&>(earlier) = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    process_snapshot later;
    static_cast<process_usage&>(later) = {1.5, 2.25, 30, 40, 50, 60, 77, 88, 99, 110};
    later.captured_at += 500ms;
    later.wall_captured_at += 1'700'000'000s;
    auto const used = delta(earlier, later).value();
    BOOST_TEST(used.ts == 1.7e9);
    BOOST_TEST(used.interval_secs == 0.5);
    BOOST_TEST(used.cpu_user_secs == 0.5);
    BOOST_TEST(used.cpu_system_secs == 0.25);
    BOOST_TEST(used.cpu_total_secs == 0.75);
    BOOST_TEST(used.cpu_util_percent == 150.0);
    BOOST_TEST(used.rss_bytes == 30U);
    BOOST_TEST(used.virtual_memory_bytes == 40U);
    BOOST_TEST(used.thread_count == 50U);
    BOOST_TEST(used.open_fds == 60U);
    BOOST_TEST(used.page_faults_minor == 70U);
    BOOST_TEST(used.page_faults_major == 80U);
    BOOST_TEST(used.ctx_switches_voluntary == 90U);
    BOOST_TEST(used.ctx_switches_involuntary == 100U);

    later.captured_at = earlier.captured_at;
    BOOST_TEST(delta(earlier, later).value().cpu_util_percent == 0.0);
}

BOOST_AUTO_TEST_CASE(there_is_no_delta_where_the_time_or_a_total_went_backwards)
{
    process_snapshot earlier;
    static_cast<process_usage&>(earlier) = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    auto const less = [&](auto process_usage::* member) {
        auto later = earlier;
        later.*member -= 1;
        return delta(earlier, later).has_value();
    };
    BOOST_TEST(!less(&process_usage::cpu_user_secs_total));
    BOOST_TEST(!less(&process_usage::cpu_system_secs_total));
    BOOST_TEST(!less(&process_usage::page_faults_minor_total));
    BOOST_TEST(!less(&process_usage::page_faults_major_total));
    BOOST_TEST(!less(&process_usage::ctx_switches_voluntary_total));
    BOOST_TEST(!less(&process_usage::ctx_switches_involuntary_total));
    BOOST_TEST(less(&process_usage::rss_bytes));
    BOOST_TEST(less(&process_usage::virtual_memory_bytes));
    BOOST_TEST(less(&process_usage::thread_count));
    BOOST_TEST(less(&process_usage::open_fds));
    auto later = earlier;
    later.captured_at -= 1ns;
    BOOST_TEST(!delta(earlier, later).has_value());
}

BOOST_AUTO_TEST_CASE(a_sampler_takes_snapshots_of_the_process_too)
{
    sampler<process_snapshot> samples;
    BOOST_TEST(!samples.sample(now()).has_value());
    BOOST_TEST(samples.sample(now()).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
