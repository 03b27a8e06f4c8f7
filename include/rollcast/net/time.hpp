// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/describe/enum.hpp>

#include <chrono>
#include <iosfwd>
#include <string>

namespace rollcast::detail {

/// The beginning of the clock that was chosen; a type of its own, so that no duration passes for a
/// time.
struct launch_epoch {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<launch_epoch>;
};

} // namespace rollcast::detail

namespace rollcast::net {

/// Nanoseconds since 1970, by the kernel's realtime clock; or by the clock of a network adapter,
/// which often counts TAI instead (37 s ahead of it since 2017) or since it was switched on. Times
/// of two clocks must not be compared: `time_source` tells them apart.
using kernel_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

/// By whose clock the time is at which a datagram came or went.
enum class time_source {
    none,     ///< There is no time.
    kernel,   ///< The kernel, when the driver handed the datagram over or took it.
    hardware, ///< The adapter, by its own clock.
};
BOOST_DESCRIBE_ENUM(time_source, none, kernel, hardware)

/// The clock by which a program says when a datagram is to leave.
enum class launch_clock {
    none,      ///< Datagrams leave as they are sent.
    monotonic, ///< CLOCK_MONOTONIC, which is `std::chrono::steady_clock`; for the queue `fq`.
    tai,       ///< CLOCK_TAI, which PTP keeps; for the queues `etf` and `taprio`.
};
BOOST_DESCRIBE_ENUM(launch_clock, none, monotonic, tai)

/// A time by the chosen clock, in nanoseconds since its beginning:
/// `launch_time_now(launch_clock::tai) + 5ms`, or of a time of `std::chrono::steady_clock`
/// `launch_time(when.time_since_epoch())`.
using launch_time = rollcast::detail::launch_epoch::time_point;

/// What that clock shows now; for `launch_clock::none` the time 0.
ROLLCAST_EXPORT launch_time launch_time_now(launch_clock clock) noexcept;

// As text, for people.
ROLLCAST_EXPORT std::string to_string(time_source value);
ROLLCAST_EXPORT std::string to_string(launch_clock value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, time_source value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, launch_clock value);

} // namespace rollcast::net
