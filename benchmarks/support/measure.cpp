// SPDX-License-Identifier: BSL-1.0
#include "support/measure.hpp"

#include "support/system.hpp"

#include <algorithm>

#include <sched.h>
#include <time.h>

namespace rollcast::bench {

std::chrono::nanoseconds thread_cpu_time()
{
    timespec now{};
    check(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now), "clock_gettime");
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

spent& spent::operator+=(spent const& other) noexcept
{
    wall += other.wall;
    cpu += other.cpu;
    return *this;
}

std::vector<int> usable_cores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    check(::sched_getaffinity(0, sizeof set, &set), "sched_getaffinity");
    std::vector<int> cores;
    for (int core = 0; core < CPU_SETSIZE; ++core)
        if (CPU_ISSET(static_cast<std::size_t>(core), &set))
            cores.push_back(core);
    return cores;
}

void pin_to(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(core), &set);
    check(::sched_setaffinity(0, sizeof set, &set), "sched_setaffinity");
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    auto const middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace rollcast::bench
