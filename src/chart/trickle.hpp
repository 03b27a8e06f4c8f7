// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/clock.hpp"
#include "chart/random_source.hpp"

#include <cstddef>
#include <optional>

namespace rollcast::detail {

/// When to multicast a digest: the Trickle algorithm (RFC 6206). As long as all charts agree, about
/// two are sent every 16 s, whoever is there.
class trickle {
public:
    static constexpr auto shortest = std::chrono::milliseconds(125); // Imin
    static constexpr auto longest = std::chrono::seconds(16);        // Imax
    static constexpr int enough = 2;                                 // k

    void start(time_point now, std::size_t members, random_source& random);
    void stop() noexcept { begun_ = false; }

    /// Somebody else said what we would have said.
    void hear_consistent() noexcept { ++heard_; }

    /// There is news: begins anew with an interval no longer than this.
    void reset(duration interval, time_point now, std::size_t members, random_source& random);

    /// Whether a digest is to be sent now.
    bool take_due(time_point now, std::size_t members, random_source& random);
    std::optional<time_point> next_deadline() const noexcept;

private:
    void begin(duration interval, time_point now, std::size_t members, random_source& random);

    duration interval_{};
    time_point end_{};
    time_point turn_{}; ///< When it would be ours to speak.
    int heard_ = 0;
    bool had_turn_ = false;
    bool begun_ = false;
};

} // namespace rollcast::detail
