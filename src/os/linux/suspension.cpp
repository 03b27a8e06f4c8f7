// SPDX-License-Identifier: BSL-1.0
#include "os/suspension.hpp"

#include <ctime>

namespace rollcast::os {
namespace {

std::chrono::nanoseconds read(clockid_t which) noexcept
{
    timespec now{};
    ::clock_gettime(which, &now); // these clocks always exist
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

std::chrono::nanoseconds time_asleep() noexcept
{
    // In this order the difference is too small rather than too large.
    auto const with_sleep = read(CLOCK_BOOTTIME);
    return with_sleep - read(CLOCK_MONOTONIC);
}

} // namespace rollcast::os
