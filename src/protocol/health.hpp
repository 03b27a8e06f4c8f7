// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <cstdint>

namespace rollcast::detail {

/// How far this instance may trust its own judgement, after Lifeguard (arXiv 1707.00788): one that
/// is slow itself, or loses the answers to its own questions, must wait longer before it accuses.
class health {
public:
    /// A higher factor would spare more living members at a bad host, and find the dead later.
    static constexpr int worst = 8;

    /// By how much own timeouts are multiplied: 1 when all is well.
    int factor() const noexcept { return factor_; }

    /// A timer went off far too late, or a member turned out alive after many unanswered pings.
    void worsen(time_point now, duration recovery) noexcept
    {
        factor_ = std::min(worst, factor_ + 1);
        better_at_ = now + recovery;
    }

    /// One step better after each `recovery`, the own detection time, without trouble.
    void advance(time_point now, duration recovery) noexcept
    {
        if (factor_ == 1 || now < better_at_)
            return;
        --factor_;
        better_at_ = now + recovery;
    }

private:
    int factor_ = 1;
    time_point better_at_{};
};

} // namespace rollcast::detail
