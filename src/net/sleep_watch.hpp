// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::net {

/// Notices that this machine has been suspended, which no timer and no report tells.
class sleep_watch {
public:
    sleep_watch() noexcept;

    /// How long this machine has slept since the last call; 0 if that was less than a second.
    std::chrono::nanoseconds time_slept() noexcept;

private:
    std::chrono::nanoseconds known_;
};

} // namespace rollcast::net
