// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace rollcast::detail {

/// The observers that were heard lately: all that is remembered of them, and bounded.
class onlookers {
public:
    void note(life_id const& who, time_point now);
    std::size_t count(time_point now) const noexcept;

private:
    std::vector<std::pair<life_id, time_point>> seen_; ///< The observers heard last at the end.
};

} // namespace rollcast::detail
