// SPDX-License-Identifier: BSL-1.0
#include "protocol/contests.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rollcast::detail {

bool is_older(identity const& a, identity const& b) noexcept
{
    return std::tie(a.incarnation, a.life) < std::tie(b.incarnation, b.life);
}

bool contests::open(contest::kind what, member_ptr challenger, time_point now)
{
    auto const same = std::ranges::find(open_, challenger->who().id, &contest::id);
    if (same != open_.end()) {
        bool const spoken = what == contest::kind::claim && same->what != what &&
                            same->challenger->who().life == challenger->who().life;
        if (!spoken)
            return false;
        open_.erase(same);
    }
    if (open_.size() >= most_open)
        return false;
    open_.push_back({what, std::move(challenger), now + patience});
    return true;
}

contest const* contests::find(std::uint64_t id) const noexcept
{
    auto const found = std::ranges::find(open_, id, &contest::id);
    return found == open_.end() ? nullptr : &*found;
}

std::optional<contest> contests::take(std::uint64_t id)
{
    auto const found = std::ranges::find(open_, id, &contest::id);
    if (found == open_.end())
        return std::nullopt;
    auto taken = std::move(*found);
    open_.erase(found);
    return taken;
}

std::optional<contest> contests::take_due(time_point now)
{
    if (open_.empty() || open_.front().until > now)
        return std::nullopt;
    return take(open_.front().id());
}

std::optional<time_point> contests::next_deadline() const noexcept
{
    return open_.empty() ? std::nullopt : std::optional(open_.front().until);
}

contests::loser& contests::lose(identity const& who, loss how, time_point until, time_point now)
{
    auto* known = find_loser(who, now);
    if (!known) {
        if (losers_.size() >= most_losers)
            losers_.erase(losers_.begin());
        known = &losers_.emplace_back(loser{who, how, until});
    }
    known->how = how;
    known->until = until;
    known->asked = now;
    return *known;
}

contests::loser* contests::find_loser(identity const& who, time_point now)
{
    std::erase_if(losers_, [&](loser const& each) { return each.until <= now; });
    auto const found = std::ranges::find_if(losers_, [&](loser const& each) {
        return each.who.id == who.id && each.who.life == who.life;
    });
    return found == losers_.end() ? nullptr : &*found;
}

bool contests::has_lost(identity const& who) const noexcept
{
    return std::ranges::any_of(losers_, [&](loser const& each) {
        return each.who.id == who.id && each.who.life == who.life;
    });
}

} // namespace rollcast::detail
