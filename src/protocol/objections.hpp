// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <chrono>

namespace rollcast::detail {

/// How often we may object, whatever to: a few times at once, since several accusations may have to
/// be answered, and then seldom, since an objection that settles nothing leads to the next one.
class objections {
public:
    static constexpr int at_once = 6;
    static constexpr auto interval = std::chrono::seconds(2); ///< On average after that.

    /// An objection is three hellos, which take 120 ms (±25 %); what else there is to object to
    /// meanwhile begins them anew, and does not count.
    static constexpr auto under_way = std::chrono::milliseconds(150);

    time_point next() const noexcept { return full_ - (at_once - 1) * interval; }
    bool take(time_point now) noexcept
    {
        if (now - begun_ <= under_way)
            return true;
        if (next() > now)
            return false;
        begun_ = now;
        full_ = std::max(full_, now) + interval;
        return true;
    }

    /// An objection that cannot wait, to a claim of the own id: it is not counted, and begins where
    /// none is under way.
    void begin(time_point now) noexcept
    {
        if (now - begun_ > under_way)
            begun_ = now;
    }

private:
    time_point begun_{};
    time_point full_{}; ///< From then on `at_once` objections are free again.
};

} // namespace rollcast::detail
