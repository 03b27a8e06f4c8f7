// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::os {

/// How long this machine has slept since it was booted. The steady clock stands still meanwhile.
std::chrono::nanoseconds time_asleep() noexcept;

} // namespace rollcast::os
