// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"

// An engine that observes, and one that is observed.

namespace rollcast::detail {

void engine::observe(time_point now)
{
    withdrawal_ = withdrawal::none;
    self_.now_doing = self_state::mode::observing;
    self_.observes = true;
    begun_ = now;
    for (auto const& each : segments_)
        if (!each->detached())
            each->observe(now);
    advance(now);
}

/// From now on this instance has an id of its own, which it may have charted as that of a member.
void engine::become_member(time_point now)
{
    self_.observes = false;
    forget(self_.config.own.id);
    // It may have been a member before, and those who have heard its goodbye believe only a higher
    // incarnation.
    ++self_.config.own.incarnation;
    for (auto const& each : segments_)
        each->rename();
    start(now);
}

/// An observer is answered, and counted by its life. Nothing else of it is learned.
void engine::hear_observer(announcement const& heard, arrival const& from, bool proven,
                           segment& where, time_point now)
{
    onlookers_.note(heard.who.life, now);
    where.hear_observer(heard, from, proven, now);
    settle(now);
}

bool engine::agrees() const
{
    bool any = false;
    for (auto const& each : segments_) {
        auto const agrees = each->detached() ? std::nullopt : each->agrees();
        if (agrees == false)
            return false;
        any = any || agrees.has_value();
    }
    return any;
}

} // namespace rollcast::detail
