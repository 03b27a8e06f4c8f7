// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/enum.hpp>

#include <chrono>

namespace rollcast {

/// By which clock a publication names the times at which datagrams are to leave.
enum class launch_clock {
    none,      ///< They leave as they are sent.
    monotonic, ///< CLOCK_MONOTONIC, which is `std::chrono::steady_clock`; for the queue `fq`.
    tai,       ///< CLOCK_TAI, which PTP keeps; for the queues `etf` and `taprio`.
};
BOOST_DESCRIBE_ENUM(launch_clock, none, monotonic, tai)

/// Since that clock's beginning.
using launch_time = std::chrono::nanoseconds;

/// What such a clock shows; 0 of none.
ROLLCAST_EXPORT launch_time launch_time_now(launch_clock clock) noexcept;

} // namespace rollcast
