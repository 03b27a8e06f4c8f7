// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::metrics {

inline double unix_seconds(std::chrono::system_clock::time_point when) noexcept
{
    return std::chrono::duration<double>(when.time_since_epoch()).count();
}

} // namespace rollcast::metrics
