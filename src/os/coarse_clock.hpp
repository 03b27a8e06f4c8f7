// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::os {

/// Monotonic, some milliseconds behind, and read in a few nanoseconds.
std::chrono::nanoseconds coarse_now() noexcept;

} // namespace rollcast::os
