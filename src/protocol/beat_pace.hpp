// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace rollcast::detail {

// Where not all hear each other, one instance may be the only watcher of a hundred that count on
// it. The more they are, the less often they beat it, and the longer it waits for their beats.

/// A watcher may hear 6 datagrams a second at detection times from 3 s on, and in proportion more
/// below; a quarter of them is left for what is not a beat.
constexpr double most_beats_a_second = 4.5;
constexpr auto shortest_unhurried = std::chrono::milliseconds(750); ///< h at D = 3 s.

// In beat intervals, for beats to a watcher that is counted on out of turn.
constexpr int least_apart = 2;
constexpr int most_apart = 64;

/// How many of its beat intervals lie between two beats of an instance to a watcher on which so
/// many count.
inline int beats_apart(std::size_t counting, duration beat_interval) noexcept
{
    using seconds = std::chrono::duration<double>;
    auto const interval = seconds(std::max<duration>(beat_interval, shortest_unhurried));
    auto const times =
        std::ceil(static_cast<double>(counting) / (most_beats_a_second * interval.count()));
    return static_cast<int>(std::clamp<double>(times, least_apart, most_apart));
}

inline duration spacing_of_beats(std::size_t counting, duration beat_interval) noexcept
{
    return beats_apart(counting, beat_interval) * beat_interval;
}

} // namespace rollcast::detail
