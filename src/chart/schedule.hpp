// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/clock.hpp"
#include "chart/random_source.hpp"

#include <cstdint>
#include <optional>

namespace rollcast::detail {

/// When this instance multicasts what: three copies of every announcement, 0, 40 and 120 ms after
/// the cause, and a refresh three times per detection time.
class schedule {
public:
    enum class kind { hello, bye };

    struct transmission {
        kind what;
        std::uint8_t attempt; ///< For a hello: 1, 2 or 3 asks for answers, 0 does not.
    };

    schedule(duration detection_time, random_source& random) noexcept
        : detection_time_(detection_time), random_(random)
    {
    }

    void introduce(time_point now);       ///< To those who do not know us: start, a new link.
    void announce_change(time_point now); ///< To those who do.
    void leave(time_point now);           ///< Only goodbyes from now on.

    /// What is due, at most one per call.
    std::optional<transmission> take_due(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    bool is_leaving() const noexcept { return leaving_; }
    bool has_left() const noexcept { return leaving_ && !burst_; }

private:
    struct burst {
        int sent = 0;
        bool asks = false;
        time_point next{};
    };

    void start_burst(bool asks, time_point first);
    void step_burst(time_point now);

    duration detection_time_;
    random_source& random_;
    std::optional<burst> burst_;
    std::optional<time_point> refresh_;
    time_point last_sent_{};
    bool leaving_ = false;
};

} // namespace rollcast::detail
