// SPDX-License-Identifier: BSL-1.0
#include "os/launch_clock.hpp"

#include <time.h>

namespace rollcast::os {

net::launch_time now_by(net::launch_clock clock) noexcept
{
    if (clock == net::launch_clock::none)
        return {};
    timespec now{};
    ::clock_gettime(clock == net::launch_clock::tai ? CLOCK_TAI : CLOCK_MONOTONIC, &now);
    return net::launch_time(std::chrono::seconds(now.tv_sec) +
                            std::chrono::nanoseconds(now.tv_nsec));
}

} // namespace rollcast::os
