// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::detail {

// The engine never reads a clock: whoever calls it says what time it is.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

} // namespace rollcast::detail
