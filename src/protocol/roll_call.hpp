// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// After a long pause of our own a member may have ended so long ago that no other member remembers
/// its end. Such members are asked whether they are there, a few at a time.
class roll_call {
public:
    explicit roll_call(registry& known) noexcept : known_(known) {}

    void begin(duration pause, time_point now);

    /// The members to ask now. One that has been heard since the pause is not asked.
    std::vector<member_ptr> take_due(duration beat_interval, time_point now);
    std::optional<time_point> next_deadline() const noexcept { return next_; }

private:
    bool is_outdated(roster_entry const& entry, duration pause) const;

    registry& known_;
    duration pause_{};
    time_point begun_{};
    std::uint64_t position_ = 0; ///< On the ring: members up to here have been called.
    std::optional<time_point> next_;
};

} // namespace rollcast::detail
