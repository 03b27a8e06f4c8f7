// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <chrono>
#include <optional>

namespace rollcast::detail {

/// Whether one station can speak to the group, and hears what is said there.
///
/// What is sent to the group comes back to every ear on this host, the own one included. So a
/// station that hears nothing after having spoken is deaf, however few instances there are; silence
/// without such words means nothing. A single failure means nothing, either: the station tries
/// again a few times, by datagrams that say nothing, and the failure is told when all tries have
/// failed.
class station_health {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// @param patience  The time within which a failure is told, and its end, too: the beat
    /// interval of the instance.
    explicit station_health(duration patience);

    /// Something was said to the group, with this outcome.
    void said(error_code const& outcome, time_point now);

    /// Something was heard that was said to the group, by any instance.
    void heard() noexcept { awaits_echo_ = false; }

    /// What is wrong, as far as it is certain.
    error_code const& trouble() const noexcept { return trouble_; }

    /// Whether the last thing could not be said at all. Otherwise other instances may have
    /// heard it.
    bool cannot_speak() const noexcept { return failure_.failed(); }

    /// When to call `check`; none while nothing is in doubt.
    std::optional<time_point> due() const noexcept { return due_; }

    /// Draws the conclusions; whether something is to be said to the group, to try it again.
    bool check(time_point now);

private:
    bool is_in_doubt() const noexcept { return failure_ || awaits_echo_; }

    duration patience_;
    duration step_;
    error_code failure_;       ///< Of the last thing said.
    bool awaits_echo_ = false; ///< Nothing was heard since something was said.
    int strikes_ = 0;
    error_code trouble_;
    time_point next_try_{};
    std::optional<time_point> due_;
};

} // namespace rollcast::detail
