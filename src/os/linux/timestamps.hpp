// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/time.hpp>

#include <cstdint>
#include <limits>
#include <optional>

#include <time.h>

#include <linux/errqueue.h>

namespace rollcast::os {

/// A time as the kernel tells it; none before 1970 or past what nanoseconds in 64 bits can tell.
inline std::optional<net::kernel_time> time_of(timespec const& value) noexcept
{
    bool const is_representable =
        value.tv_sec >= 0 && value.tv_nsec >= 0 && value.tv_nsec < 1'000'000'000 &&
        value.tv_sec < std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
    if (!is_representable)
        return std::nullopt;
    return net::kernel_time(std::chrono::seconds(value.tv_sec) +
                            std::chrono::nanoseconds(value.tv_nsec));
}

/// The time, if it is told: in a message of several times those that are not told are zero.
inline std::optional<net::kernel_time> set_time_of(timespec const& value) noexcept
{
    return value.tv_sec == 0 && value.tv_nsec == 0 ? std::nullopt : time_of(value);
}

/// The adapter's own among the three of SCM_TIMESTAMPING; the first is the kernel's.
inline std::optional<net::kernel_time> hardware_time_of(scm_timestamping const& value) noexcept
{
    return set_time_of(value.ts[2]);
}

inline std::optional<net::kernel_time> kernel_time_of(scm_timestamping const& value) noexcept
{
    return set_time_of(value.ts[0]);
}

} // namespace rollcast::os
