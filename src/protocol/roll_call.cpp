// SPDX-License-Identifier: BSL-1.0
#include "protocol/roll_call.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

/// So many members in every eighth of a beat interval: more at once would be done sooner, at the
/// price of bursts of pings.
constexpr std::size_t most_called_at_once = 4;
constexpr int turns_per_beat = 8;

/// A datagram that is heard so soon after the pause may have waited in the socket since it began.
constexpr auto backlog = std::chrono::milliseconds(500);

} // namespace

bool roll_call::is_outdated(roster_entry const& entry, duration pause) const
{
    return pause > tombstone::remembrance(entry.who().detection_time());
}

void roll_call::begin(duration pause, time_point now)
{
    auto const concerned = [&](roster_entry const& each) {
        return each && is_outdated(each, pause);
    };
    if (std::ranges::none_of(known_.members().all(), concerned))
        return;
    pause_ = next_ ? std::max(pause_, pause) : pause;
    begun_ = now;
    position_ = 0;
    next_ = now;
}

std::vector<member_ptr> roll_call::take_due(duration beat_interval, time_point now)
{
    std::vector<member_ptr> due;
    if (!next_ || *next_ > now)
        return due;
    next_ = now + beat_interval / turns_per_beat;
    while (due.size() < most_called_at_once) {
        auto const* each = known_.members().after(position_);
        if (!each || each->who().position() <= position_) { // once round the ring
            next_.reset();
            return due;
        }
        position_ = each->who().position();
        bool const heard_since = known_.last_heard(*each) > begun_ + backlog;
        if (is_outdated(*each, pause_) && !heard_since)
            due.push_back(each->pointer());
    }
    return due;
}

} // namespace rollcast::detail
