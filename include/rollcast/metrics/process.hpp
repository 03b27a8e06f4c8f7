// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/metrics/snapshot.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>

namespace rollcast::metrics {

/// What a process uses of the machine, and has used of it since it began.
struct process_usage {
    double cpu_user_secs_total = 0;
    double cpu_system_secs_total = 0;
    std::uint64_t rss_bytes = 0; ///< Memory that is present.
    std::uint64_t virtual_memory_bytes = 0;
    std::uint64_t thread_count = 0;
    std::uint64_t open_fds = 0;
    std::uint64_t page_faults_minor_total = 0;
    std::uint64_t page_faults_major_total = 0;
    std::uint64_t ctx_switches_voluntary_total = 0; ///< Of all threads, as all the rest.
    std::uint64_t ctx_switches_involuntary_total = 0;
};
BOOST_DESCRIBE_STRUCT(process_usage, (),
                      (cpu_user_secs_total, cpu_system_secs_total, rss_bytes, virtual_memory_bytes,
                       thread_count, open_fds, page_faults_minor_total, page_faults_major_total,
                       ctx_switches_voluntary_total, ctx_switches_involuntary_total))

struct process_snapshot : process_usage, moment {};
BOOST_DESCRIBE_STRUCT(process_snapshot, (process_usage, moment), ())

/// What it used between two snapshots, with the gauges of the later one.
struct process_delta {
    double ts = 0; ///< Of the later one, in seconds since 1970.
    double interval_secs = 0;
    double cpu_user_secs = 0;
    double cpu_system_secs = 0;
    double cpu_total_secs = 0;
    double cpu_util_percent = 0; ///< 100 is one core all the time.
    std::uint64_t rss_bytes = 0;
    std::uint64_t virtual_memory_bytes = 0;
    std::uint64_t thread_count = 0;
    std::uint64_t open_fds = 0;
    std::uint64_t page_faults_minor = 0;
    std::uint64_t page_faults_major = 0;
    std::uint64_t ctx_switches_voluntary = 0;
    std::uint64_t ctx_switches_involuntary = 0;
};
BOOST_DESCRIBE_STRUCT(process_delta, (),
                      (ts, interval_secs, cpu_user_secs, cpu_system_secs, cpu_total_secs,
                       cpu_util_percent, rss_bytes, virtual_memory_bytes, thread_count, open_fds,
                       page_faults_minor, page_faults_major, ctx_switches_voluntary,
                       ctx_switches_involuntary))

/// Of the process that calls. Errors: the system's, where it has no /proc.
ROLLCAST_EXPORT result<process_snapshot> capture_process();

/// None if the time or a total went backwards.
ROLLCAST_EXPORT std::optional<process_delta> delta(process_snapshot const& earlier,
                                                   process_snapshot const& later);

} // namespace rollcast::metrics
