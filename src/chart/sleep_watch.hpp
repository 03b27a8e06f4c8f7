// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

namespace rollcast::detail {

/// Notices that the machine has slept.
class sleep_watch {
public:
    /// @param asleep  The time that the machine has slept in all up to now.
    explicit sleep_watch(duration asleep) noexcept : known_(asleep) {}

    /// How long the machine has slept since the last call; 0 if that was less than a second.
    duration time_slept(duration asleep) noexcept
    {
        auto const slept = asleep - known_;
        if (slept < std::chrono::seconds(1))
            return {};
        known_ = asleep;
        return slept;
    }

private:
    duration known_;
};

} // namespace rollcast::detail
