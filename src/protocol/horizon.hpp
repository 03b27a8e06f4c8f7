// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace rollcast::detail {

/// How far incarnations may run ahead. Whoever could make others believe in any number could push a
/// living instance out of all charts, since it can only object with a higher one.
///
/// The wall clock is what the own first incarnation was taken from, and has only run since. A board
/// without a battery begins in 1970 among others that do not, so what counts as well is the latest
/// life that has shown that it lives.
class horizon {
public:
    /// What is later than the clock, and than everybody proven, by more than this is not believed.
    static constexpr auto furthest_ahead = std::chrono::hours(24);

    /// Never believed, so that one above anything that is believed is always there to be had.
    static constexpr std::uint64_t end = ~std::uint64_t{0} - (std::uint64_t{1} << 32);

    explicit horizon(std::uint64_t first_incarnation) noexcept : first_(first_incarnation) {}

    /// The first call says when the first incarnation was taken.
    void begin(time_point now) noexcept
    {
        if (!begun_)
            begun_ = now;
    }

    /// A life has answered with this incarnation.
    void prove(std::uint64_t incarnation) noexcept
    {
        if (incarnation < end)
            proven_ = std::max(proven_, incarnation);
    }

    bool believes(std::uint64_t incarnation, time_point now) const noexcept
    {
        return incarnation < end && incarnation <= std::max(clock(now), proven_) + day;
    }

    /// As far ahead as an own incarnation may run that others have not answered for.
    std::uint64_t latest(time_point now) const noexcept { return clock(now) + day; }

private:
    static constexpr std::uint64_t day = std::chrono::milliseconds(furthest_ahead).count();

    std::uint64_t clock(time_point now) const noexcept
    {
        auto const passed = now - begun_.value_or(now);
        auto const whole = std::chrono::duration_cast<std::chrono::milliseconds>(passed).count();
        return first_ + static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0));
    }

    std::uint64_t first_;
    std::uint64_t proven_ = 0;
    std::optional<time_point> begun_;
};

} // namespace rollcast::detail
