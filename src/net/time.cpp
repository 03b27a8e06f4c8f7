// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/time.hpp>

#include "os/launch_clock.hpp"

namespace rollcast::net {

launch_time launch_time_now(launch_clock clock) noexcept
{
    return os::now_by(clock);
}

} // namespace rollcast::net
