// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace rollcast::detail {

/// Counts operations that completed without waiting. After `length` of them the turn is over, and
/// the next operation posts itself, so that a loop over a busy socket cannot starve the rest of the
/// executor.
class turn {
public:
    static constexpr int length = 64;

    bool is_over() noexcept
    {
        if (++taken_ <= length)
            return false;
        taken_ = 0;
        return true;
    }

    void waited() noexcept { taken_ = 0; }

private:
    int taken_ = 0;
};

} // namespace rollcast::detail
