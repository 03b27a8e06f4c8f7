// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/clock.hpp"
#include "protocol/endpoint.hpp"

#include <rollcast/announce/announcement.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// Somebody is asked for somebody else, who is to be told of the answer.
struct relay {
    std::uint64_t subject;
    life_id life;
    endpoint asker;
    std::optional<std::uint64_t> echo; ///< What the asker knows the answer by.
    time_point until;
};

/// The questions that are passed on just now; bounded, since anybody may ask.
class relays {
public:
    bool has_room(time_point now);
    void add(relay which) { waiting_.push_back(which); }

    /// Those that this one has answered.
    std::vector<relay> take(identity const& who, time_point now);

private:
    void expire(time_point now);

    std::vector<relay> waiting_;
};

} // namespace rollcast::detail
