// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::net {

/// Notices that this machine has been suspended, which no timer and no report tells.
class sleep_watch {
public:
    sleep_watch() noexcept;

    /// Whether it has slept for more than a second since the last call.
    bool has_slept() noexcept;

private:
    std::chrono::nanoseconds known_;
};

} // namespace rollcast::net
