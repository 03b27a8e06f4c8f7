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
void add_totals(process_usage& usage)
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    usage.cpu_user_secs = seconds(used.ru_utime);
    usage.cpu_system_secs = seconds(used.ru_stime);
    usage.page_faults_minor = static_cast<std::uint64_t>(used.ru_minflt);
    usage.page_faults_major = static_cast<std::uint64_t>(used.ru_majflt);
    usage.context_switches_voluntary = static_cast<std::uint64_t>(used.ru_nvcsw);
    usage.context_switches_involuntary = static_cast<std::uint64_t>(used.ru_nivcsw);
}

/// The number in a line such as "VmRSS:     1234 kB".
std::uint64_t number_in(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_of("0123456789"), line.size()));
    std::uint64_t number = 0;
    std::from_chars(line.data(), line.data() + line.size(), number);
    return number;
}

error_code add_status(process_usage& usage)
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
            usage.threads = number_in(line);
    }
    return {};
}

error_code add_descriptors(process_usage& usage)
{
    std::error_code ec;
    std::filesystem::directory_iterator each("/proc/self/fd", ec);
    std::uint64_t listed = 0;
    for (; !ec && each != std::filesystem::directory_iterator(); each.increment(ec))
        ++listed;
    usage.open_descriptors = listed - (listed > 0); // the listing has one open itself
    return ec;
}

} // namespace

result<process_usage> read_process_usage()
{
    process_usage usage;
    add_totals(usage);
    auto ec = add_status(usage);
    if (!ec)
        ec = add_descriptors(usage);
    if (ec)
        return ec;
    return usage;
}

} // namespace rollcast::os
