// SPDX-License-Identifier: BSL-1.0
#include "os/process_usage.hpp"

#include "os/linux/last_error.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <sys/resource.h>

namespace rollcast::os {
namespace {

double seconds(timeval const& time) noexcept
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// The system's own sums over all threads, ended ones too; /proc/self/status would count the
/// context switches of the main thread only, and /proc/self/stat the time in hundredths of a
/// second.
void add_totals(metrics::process_usage& usage)
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    usage.cpu_user_secs_total = seconds(used.ru_utime);
    usage.cpu_system_secs_total = seconds(used.ru_stime);
    usage.page_faults_minor_total = static_cast<std::uint64_t>(used.ru_minflt);
    usage.page_faults_major_total = static_cast<std::uint64_t>(used.ru_majflt);
    usage.ctx_switches_voluntary_total = static_cast<std::uint64_t>(used.ru_nvcsw);
    usage.ctx_switches_involuntary_total = static_cast<std::uint64_t>(used.ru_nivcsw);
}

/// The number in a line such as "VmRSS:     1234 kB".
std::uint64_t number_in(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_of("0123456789"), line.size()));
    std::uint64_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    return number;
}

error_code add_status(metrics::process_usage& usage)
{
    std::ifstream status("/proc/self/status");
    if (!status)
        return last_error();
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:"))
            usage.rss_bytes = number_in(line) * 1024;
        else if (line.starts_with("VmSize:"))
            usage.virtual_memory_bytes = number_in(line) * 1024;
        else if (line.starts_with("Threads:"))
            usage.thread_count = number_in(line);
    }
    return {};
}

error_code add_descriptors(metrics::process_usage& usage)
{
    std::error_code ec;
    std::filesystem::directory_iterator each("/proc/self/fd", ec);
    std::uint64_t listed = 0;
    for (; !ec && each != std::filesystem::directory_iterator(); each.increment(ec))
        ++listed;
    usage.open_fds = listed - (listed > 0); // the listing has one open itself
    return ec;
}

} // namespace

result<metrics::process_usage> read_process_usage()
{
    metrics::process_usage usage;
    add_totals(usage);
    auto ec = add_status(usage);
    if (!ec)
        ec = add_descriptors(usage);
    if (ec)
        return ec;
    return usage;
}

} // namespace rollcast::os
