// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <chrono>

namespace rollcast::detail {

/// How often we may object, whatever to: a few times at once, since several may have to be
/// answered, and then seldom, since an objection to what is not settled by one leads to the next.
class objections {
public:
    static constexpr int at_once = 6;
    static constexpr auto interval = std::chrono::seconds(2);

    /// An objection is three hellos; whatever else is heard meanwhile begins them anew.
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

    /// One that cannot wait: it is not counted, and begins where none is under way.
    void begin(time_point now) noexcept
    {
        if (now - begun_ > under_way)
            begun_ = now;
    }

private:
    time_point begun_{};
    time_point full_{}; ///< From then on it has all of them again.
};

} // namespace rollcast::detail
