// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// After a long pause of our own: who may have ended so long ago that nobody remembers it any more
/// is asked whether it is there, a few at a time.
class roll_call {
public:
    explicit roll_call(registry& known) noexcept : known_(known) {}

    void begin(duration pause, time_point now);

    /// Whom to ask now: not who has been heard since.
    std::vector<member_ptr> take_due(duration beat_interval, time_point now);
    std::optional<time_point> next_deadline() const noexcept { return next_; }

private:
    bool is_outdated(roster_entry const& entry, duration pause) const;

    registry& known_;
    duration pause_{};
    time_point begun_{};
    std::uint64_t position_ = 0; ///< Those up to there on the ring have been called.
    std::optional<time_point> next_;
};

} // namespace rollcast::detail
