// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <vector>

namespace rollcast::bench {

/// CPU time of the calling thread, in the kernel and out of it.
std::chrono::nanoseconds thread_cpu_time();

/// Time a thread spent at something: on the clock, and on the CPU.
struct spent {
    std::chrono::nanoseconds wall{};
    std::chrono::nanoseconds cpu{};

    spent& operator+=(spent const& other) noexcept;
};

/// What a call costs the thread that makes it.
template <class Call>
spent spent_on(Call&& call)
{
    auto const wall = std::chrono::steady_clock::now();
    auto const cpu = thread_cpu_time();
    call();
    auto const cpu_end = thread_cpu_time();
    return {std::chrono::steady_clock::now() - wall, cpu_end - cpu};
}

/// The cores this process may use.
std::vector<int> usable_cores();

/// Keeps the calling thread on one core.
void pin_to(int core);

/// The middle value; of an even number, the mean of the two in the middle.
double median(std::vector<double> values);

} // namespace rollcast::bench
