// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace rollcast {

/// When the next ones may go, so that there are so many a second on average: datagrams, bytes, or
/// whatever is counted. It has no clock: hand it what the clock shows. The times that it gives may
/// be waited for (`pacer`), or given to the kernel as launch times.
///
/// Timers are coarser than a fast pace: what has become due meanwhile may go at once, but nothing
/// older than `longest_debt`, which would be a flood after a pause. Threads: one at a time.
class ROLLCAST_EXPORT pace {
public:
    using clock = std::chrono::steady_clock;

    /// A tenth of a second: longer than timers and other programs delay, on a machine that is not
    /// overloaded, and too short for a burst that fills the queues of a network.
    static constexpr auto longest_debt = std::chrono::milliseconds(100);

    /// Throws `invalid_rate` unless it is above 0 and at most 1e12.
    explicit pace(double per_second);

    double per_second() const noexcept { return per_second_; }

    /// Another rate from now on; for what was reserved before it stays as it was.
    void set_rate(double per_second);

    /// When so many may go, one after the other or all at once; the next ones after them. The first
    /// ones may at once.
    clock::time_point reserve(std::uint64_t count, clock::time_point now) noexcept;

    /// So many of the last ones reserved did not go.
    void give_back(std::uint64_t count) noexcept;

private:
    clock::time_point due() const noexcept;
    void begin_at(clock::time_point when) noexcept;

    double per_second_;
    /// Counted from here, so that nothing is lost by rounding; none before the first ones.
    std::optional<clock::time_point> begun_;
    std::uint64_t reserved_ = 0; ///< Since then.
};

} // namespace rollcast
