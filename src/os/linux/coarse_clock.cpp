// SPDX-License-Identifier: BSL-1.0
#include "os/coarse_clock.hpp"

#include <time.h>

namespace rollcast::os {

std::chrono::nanoseconds coarse_now() noexcept
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace rollcast::os
