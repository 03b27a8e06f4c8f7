// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/time.hpp>

namespace rollcast::os {

/// What the clock shows; 0 for `launch_clock::none`.
net::launch_time now_by(net::launch_clock clock) noexcept;

} // namespace rollcast::os
