// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>

// What most simulated instances and links have, unless a test says otherwise.

namespace rollcast::test {

inline constexpr std::chrono::milliseconds delay{1}; ///< Of a link.
inline constexpr std::chrono::milliseconds detection_time{10'000};
inline constexpr std::chrono::milliseconds beat_interval = detection_time / 4;

/// The first hello waits up to a millisecond, so that those who start together do not collide.
inline constexpr std::chrono::milliseconds first_wait{1};

/// Whoever is gone is knocked at once a beat interval, and the answer goes to everybody.
inline constexpr std::chrono::seconds return_time{16};

inline double per_second(std::uint64_t count, std::chrono::nanoseconds over)
{
    return static_cast<double>(count) / std::chrono::duration<double>(over).count();
}

} // namespace rollcast::test
