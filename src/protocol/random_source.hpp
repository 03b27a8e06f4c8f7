// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <cstdint>

namespace rollcast::detail {

/// Repeatable random numbers (SplitMix64): the same seed gives the same chart, on any platform.
class random_source {
public:
    explicit random_source(std::uint64_t seed) noexcept : state_(seed) {}

    std::uint64_t next() noexcept
    {
        auto z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// Uniform in [0, 1).
    double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

    /// Uniform in [middle * (1 - spread), middle * (1 + spread)).
    duration around(duration middle, double spread) noexcept
    {
        auto const factor = 1 + spread * (2 * unit() - 1);
        return duration(static_cast<duration::rep>(static_cast<double>(middle.count()) * factor));
    }

private:
    std::uint64_t state_;
};

} // namespace rollcast::detail
