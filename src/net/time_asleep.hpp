// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::net {

/// How long this machine has been suspended since it was booted, which no timer and no report
/// tells.
std::chrono::nanoseconds time_asleep() noexcept;

} // namespace rollcast::net
