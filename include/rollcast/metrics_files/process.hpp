// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/metrics/snapshot.hpp>

#include <boost/describe/class.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

namespace rollcast::metrics {

/// What a process uses of the machine (the gauges), and has used of it since it began (the totals).
/// Everything is of all its threads together, in the totals those that have ended included.
struct process_usage {
    double cpu_user_secs_total = 0;                   ///< Seconds in the program, see getrusage(2).
    double cpu_system_secs_total = 0;                 ///< Seconds in the kernel on its behalf.
    std::uint64_t rss_bytes = 0;                      ///< Memory that is present (VmRSS).
    std::uint64_t virtual_memory_bytes = 0;           ///< Address space (VmSize).
    std::uint64_t thread_count = 0;                   ///< Threads there are now.
    std::uint64_t open_fds = 0;                       ///< Descriptors: files, sockets, timers.
    std::uint64_t page_faults_minor_total = 0;        ///< Served from memory.
    std::uint64_t page_faults_major_total = 0;        ///< Served from a disk.
    std::uint64_t ctx_switches_voluntary_total = 0;   ///< A thread had to wait.
    std::uint64_t ctx_switches_involuntary_total = 0; ///< A thread's time slice was over.
};
BOOST_DESCRIBE_STRUCT(process_usage, (),
                      (cpu_user_secs_total, cpu_system_secs_total, rss_bytes, virtual_memory_bytes,
                       thread_count, open_fds, page_faults_minor_total, page_faults_major_total,
                       ctx_switches_voluntary_total, ctx_switches_involuntary_total))

/// The usage, and when it was read.
struct process_snapshot : process_usage, moment {};
BOOST_DESCRIBE_STRUCT(process_snapshot, (process_usage, moment), ())

/// What a process used between two snapshots, with the gauges of the later one. The names are those
/// of the samples in a file.
struct process_delta {
    double ts = 0;            ///< When the later snapshot was taken, in seconds since 1970.
    double interval_secs = 0; ///< Between the snapshots, by the steady clock.
    double cpu_user_secs = 0;
    double cpu_system_secs = 0;
    double cpu_total_secs = 0;   ///< User and system.
    double cpu_util_percent = 0; ///< 100 is one core all the time; 0 for an interval of 0.
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

/// Reads the usage of the process that calls. Any thread.
///
/// It reads two places under /proc and counts the open descriptors one by one, so it is for every
/// second or so and not for every datagram.
/// Errors: the system's, where it has no /proc.
ROLLCAST_EXPORT result<process_snapshot> capture_process();

/// None if the time or a total went backwards: the snapshots are not of one process in order.
ROLLCAST_EXPORT std::optional<process_delta> delta(process_snapshot const& earlier,
                                                   process_snapshot const& later);

ROLLCAST_EXPORT std::string to_string(process_usage const& value);
ROLLCAST_EXPORT std::string to_string(process_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(process_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, process_usage const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, process_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, process_delta const& value);

} // namespace rollcast::metrics
