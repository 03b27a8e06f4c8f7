// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/enum.hpp>

#include <chrono>

namespace rollcast::detail {

/// The beginning of whichever clock was chosen; so that nobody takes a duration for a time.
struct launch_epoch {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<launch_epoch>;
};

} // namespace rollcast::detail

namespace rollcast::net {

/// Nanoseconds since 1970, by the kernel's realtime clock; or by the clock of a network adapter,
/// which often counts TAI instead (37 s ahead of it since 2017) or since it was switched on.
using kernel_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// Who has looked at the clock when a datagram came or went.
enum class time_source {
    none,     ///< Nobody.
    kernel,   ///< The kernel, when the driver handed the datagram over or took it.
    hardware, ///< The adapter, by its own clock.
};
BOOST_DESCRIBE_ENUM(time_source, none, kernel, hardware)

/// By which clock it is named when datagrams are to leave.
enum class launch_clock {
    none,      ///< They leave as they are sent.
    monotonic, ///< CLOCK_MONOTONIC, which is `std::chrono::steady_clock`; for the queue `fq`.
    tai,       ///< CLOCK_TAI, which PTP keeps; for the queues `etf` and `taprio`.
};
BOOST_DESCRIBE_ENUM(launch_clock, none, monotonic, tai)

/// A time by the chosen clock, in nanoseconds since its beginning:
/// `launch_time_now(launch_clock::tai) + 5ms`, or of a time of `std::chrono::steady_clock`
/// `launch_time(when.time_since_epoch())`.
using launch_time = rollcast::detail::launch_epoch::time_point;

/// What such a clock shows; its beginning of none.
ROLLCAST_EXPORT launch_time launch_time_now(launch_clock clock) noexcept;

} // namespace rollcast::net
