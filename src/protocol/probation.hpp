// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Tests the ids that have proven nothing when others had to be turned away: three times three
/// pings, a few ids at a time, and whoever answers none of them goes. While there is room, those
/// next to an unproven one on the ring see to it, as they do with everybody.
class probation {
public:
    explicit probation(registry& known) noexcept : known_(known) {}

    struct outcome {
        std::vector<member_ptr> to_ping;
        std::vector<member_ptr> failed;
    };
    outcome advance(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

private:
    struct candidate {
        member_ptr who;
        int pings;
        time_point next;
    };
    bool is_pressing(time_point now) const noexcept;
    void enlist(time_point now);

    registry& known_;
    std::vector<candidate> candidates_;
    std::uint64_t cursor_ = 0;
    time_point next_round_{};
};

} // namespace rollcast::detail
