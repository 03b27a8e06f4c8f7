// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Tests the ids that have proven nothing, once the chart had to refuse a newcomer: each gets three
/// times three pings, a few ids at a time, and an id that answers none of them is gone. While there
/// is room, the watchers of an unproven id on the ring find out, as they do of every member.
class probation {
public:
    explicit probation(registry& known) noexcept : known_(known) {}

    struct outcome {
        std::vector<member_ptr> to_ping; ///< Three pings each.
        std::vector<member_ptr> failed;  ///< They answered none.
    };
    outcome advance(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

private:
    struct candidate {
        member_ptr who;
        int pings; ///< Times it was to be pinged.
        time_point next;
    };
    bool is_pressing(time_point now) const noexcept;
    void enlist(time_point now);

    registry& known_;
    std::vector<candidate> candidates_;
    std::uint64_t cursor_ = 0; ///< Position on the ring of the id looked at last.
    time_point next_round_{};
};

} // namespace rollcast::detail
