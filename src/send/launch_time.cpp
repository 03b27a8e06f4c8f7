// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/launch_time.hpp>

#include "os/launch_clock.hpp"

namespace rollcast {

launch_time launch_time_now(launch_clock clock) noexcept
{
    return os::now_by(clock);
}

} // namespace rollcast
