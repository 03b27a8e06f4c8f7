// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::os {

/// Monotonic, some milliseconds behind, and read in a few nanoseconds.
[[gnu::hot]] std::chrono::nanoseconds coarse_now() noexcept;

/// How often what costs more than the work beside it is looked at.
class look_pace {
public:
    static constexpr auto interval = std::chrono::milliseconds(10);

    /// Whether the last look is so long ago; then this is one.
    bool is_due() noexcept
    {
        auto const now = coarse_now();
        if (now - last_ < interval)
            return false;
        last_ = now;
        return true;
    }

private:
    std::chrono::nanoseconds last_{0};
};

} // namespace rollcast::os
