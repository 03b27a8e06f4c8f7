// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics_files/process.hpp>

#include "metrics_files/seconds.hpp"
#include "os/process_usage.hpp"

#include <rollcast/metrics/delta.hpp>

namespace rollcast::metrics {
namespace {

bool is_backwards(process_snapshot const& earlier, process_snapshot const& later) noexcept
{
    return later.captured_at < earlier.captured_at ||
           later.cpu_user_secs_total < earlier.cpu_user_secs_total ||
           later.cpu_system_secs_total < earlier.cpu_system_secs_total ||
           later.page_faults_minor_total < earlier.page_faults_minor_total ||
           later.page_faults_major_total < earlier.page_faults_major_total ||
           later.ctx_switches_voluntary_total < earlier.ctx_switches_voluntary_total ||
           later.ctx_switches_involuntary_total < earlier.ctx_switches_involuntary_total;
}

} // namespace

result<process_snapshot> capture_process()
{
    auto const usage = os::read_process_usage();
    if (!usage)
        return usage.error();
    process_snapshot snapshot;
    snapshot.cpu_user_secs_total = usage->cpu_user_secs;
    snapshot.cpu_system_secs_total = usage->cpu_system_secs;
    snapshot.rss_bytes = usage->rss_bytes;
    snapshot.virtual_memory_bytes = usage->virtual_memory_bytes;
    snapshot.thread_count = usage->threads;
    snapshot.open_fds = usage->open_descriptors;
    snapshot.page_faults_minor_total = usage->page_faults_minor;
    snapshot.page_faults_major_total = usage->page_faults_major;
    snapshot.ctx_switches_voluntary_total = usage->context_switches_voluntary;
    snapshot.ctx_switches_involuntary_total = usage->context_switches_involuntary;
    static_cast<moment&>(snapshot) = moment::now();
    return snapshot;
}

std::optional<process_delta> delta(process_snapshot const& earlier, process_snapshot const& later)
{
    if (is_backwards(earlier, later))
        return std::nullopt;
    process_delta result;
    result.ts = unix_seconds(later.wall_captured_at);
    result.interval_secs = seconds_between(earlier, later);
    result.cpu_user_secs = later.cpu_user_secs_total - earlier.cpu_user_secs_total;
    result.cpu_system_secs = later.cpu_system_secs_total - earlier.cpu_system_secs_total;
    result.cpu_total_secs = result.cpu_user_secs + result.cpu_system_secs;
    if (result.interval_secs > 0)
        result.cpu_util_percent = 100 * result.cpu_total_secs / result.interval_secs;
    result.rss_bytes = later.rss_bytes;
    result.virtual_memory_bytes = later.virtual_memory_bytes;
    result.thread_count = later.thread_count;
    result.open_fds = later.open_fds;
    result.page_faults_minor = later.page_faults_minor_total - earlier.page_faults_minor_total;
    result.page_faults_major = later.page_faults_major_total - earlier.page_faults_major_total;
    result.ctx_switches_voluntary =
        later.ctx_switches_voluntary_total - earlier.ctx_switches_voluntary_total;
    result.ctx_switches_involuntary =
        later.ctx_switches_involuntary_total - earlier.ctx_switches_involuntary_total;
    return result;
}

} // namespace rollcast::metrics
