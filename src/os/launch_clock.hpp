// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/send/launch_time.hpp>

namespace rollcast::os {

/// What the clock shows; 0 of none.
launch_time now_by(launch_clock clock) noexcept;

} // namespace rollcast::os
