// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <cstdint>

namespace rollcast::os {

/// What this process uses, all its threads together: totals since it began, and what there is now.
struct process_usage {
    double cpu_user_secs = 0;
    double cpu_system_secs = 0;
    std::uint64_t rss_bytes = 0;
    std::uint64_t virtual_memory_bytes = 0;
    std::uint64_t threads = 0;
    std::uint64_t open_descriptors = 0;
    std::uint64_t page_faults_minor = 0;
    std::uint64_t page_faults_major = 0;
    std::uint64_t context_switches_voluntary = 0;
    std::uint64_t context_switches_involuntary = 0;
};

result<process_usage> read_process_usage();

} // namespace rollcast::os
