// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <optional>

namespace rollcast::detail {

// The engine never reads a clock: its caller says what time it is.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// The earlier of two deadlines, either of which may be none.
inline std::optional<time_point> earlier(std::optional<time_point> a,
                                         std::optional<time_point> b) noexcept
{
    if (!a || !b)
        return a ? a : b;
    return *a < *b ? a : b;
}

/// A share of a duration.
inline duration share(duration whole, double factor) noexcept
{
    return duration(static_cast<duration::rep>(static_cast<double>(whole.count()) * factor));
}

} // namespace rollcast::detail
