// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace rollcast::testing::detail {

using rollcast::detail::duration;
using rollcast::detail::time_point;

/// The time of a network, and what will happen: what is due together happens in the order in which
/// it was entered.
class agenda {
public:
    time_point now() const noexcept { return now_; }
    duration passed() const noexcept { return now_ - begin; }

    /// So much later than now; the end of time for what is longer.
    time_point later(duration by) const noexcept
    {
        return by < time_point::max() - now_ ? now_ + by : time_point::max();
    }

    void add(time_point when, std::function<void()> action)
    {
        plans_.emplace(std::pair(std::max(when, now_), ++entered_), std::move(action));
    }

    std::optional<time_point> next() const
    {
        return plans_.empty() ? std::nullopt : std::optional(plans_.begin()->first.first);
    }

    /// Lets time pass up to the next thing, and lets that happen.
    void advance()
    {
        auto const first = plans_.extract(plans_.begin());
        now_ = first.key().first;
        first.mapped()();
    }

    /// Lets time pass in which nothing happens.
    void advance_to(time_point when) noexcept { now_ = when; }

private:
    /// Later than 0, so that a chart may look back.
    static constexpr time_point begin{std::chrono::hours(24)};
    time_point now_ = begin;
    std::uint64_t entered_ = 0;
    std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> plans_;
};

} // namespace rollcast::testing::detail
