// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>

namespace rollcast::os {

/// Monotonic, some milliseconds behind, and read in a few nanoseconds.
[[gnu::hot]] std::chrono::nanoseconds coarse_now() noexcept;

/// Limits how often the program looks at something, where a look costs more than the work beside
/// it.
class look_pace {
public:
    static constexpr auto interval = std::chrono::milliseconds(10);

    /// Whether the last look is an `interval` ago; then the caller has to look now.
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
