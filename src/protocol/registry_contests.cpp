// SPDX-License-Identifier: BSL-1.0
#include "protocol/registry.hpp"

#include <utility>

// Two lives of one id: which of them keeps it.

namespace rollcast::detail {
namespace {

/// In detection times: so long a life that has lost its id, but lives, is remembered and ignored.
constexpr int remembrance_of_losers = 10;

} // namespace

/// Another life claims the id of a living incumbent, or others tell of such a life.
registry::verdict registry::challenge(identity const& who, record_view const& told, source from,
                                      time_point now)
{
    using kind = contest::kind;
    auto const& entry = *members_.find(who.id);
    auto const incumbent = entry.pointer();
    bool const earlier = is_older(who, incumbent->who());
    auto const what = from.by == channel::hello ? kind::claim
                      : earlier                 ? kind::predecessor
                                                : kind::successor;
    if (what != kind::claim && !from.believed)
        return verdict::stale;
    // A stranger may repeat what an ended life once said: the application is told of no conflict
    // before that life has answered.
    if (what == kind::claim && !from.proven && former_.holds(who))
        doubted_.push_back(make_member(who, told, key_, pool_));
    // A contest won by an incumbent that is hidden counts for nothing.
    if (auto* lost = entry.is_hidden() ? nullptr : contests_.find_loser(who, now)) {
        bool const lives = lost->how == contests::loss::alive;
        if (what == kind::claim && lives)
            tell_conflict(*lost, make_member(who, told, key_, pool_), now);
        // That the loser still claims the id is nothing new; that others hold it for the id may be.
        bool const by_others = what != kind::claim && !tells_itself(from.by);
        bool const ask_again =
            by_others && lives && now - lost->asked >= incumbent->detection_time();
        bool const back = what == kind::claim && lost->how == contests::loss::unanswered;
        if (!ask_again && !back)
            return verdict::stale;
        lost->asked = now;
    }
    auto challenger = make_member(who, told, key_, pool_);
    if (contests_.open(what, challenger, now) && what != kind::claim)
        doubted_.push_back(what == kind::predecessor ? challenger : incumbent);
    return verdict::contested;
}

void registry::hear_hello(identity const& who, time_point now)
{
    auto const* open = contests_.find(who.id);
    auto const* entry = members_.find(who.id);
    bool const objects = open && entry && entry->who().who().life == who.life &&
                         open->challenger->who().life != who.life &&
                         open->what != contest::kind::predecessor;
    if (objects)
        keep_incumbent(*contests_.take(who.id), now);
}

/// The later of two lives of one id has ended; the earlier one, of which others tell, may still be
/// there.
registry::verdict registry::ask_predecessor(identity const& who, record_view const& told,
                                            source from, time_point now)
{
    auto const* lost = contests_.find_loser(who, now);
    bool const asked = lost && lost->how != contests::loss::alive;
    if (!from.believed || asked)
        return verdict::stale;
    auto challenger = make_member(who, told, key_, pool_);
    if (contests_.open(contest::kind::predecessor, challenger, now))
        doubted_.push_back(std::move(challenger));
    return verdict::contested;
}

/// The incumbent has shown that it lives. That the challenger lives, too, is certain only where it
/// has made a claim itself.
void registry::keep_incumbent(contest const& which, time_point now)
{
    auto const until = now + remembrance_of_losers * which.challenger->detection_time();
    auto& lost = contests_.lose(which.challenger->who(), contests::loss::alive, until, now);
    if (which.what == contest::kind::claim)
        tell_conflict(lost, which.challenger, now);
}

void registry::let_in(contest const& which, bool incumbent_lives, time_point now)
{
    auto const* entry = members_.find(which.id());
    if (!entry)
        return succeed(which, now);
    if (entry->who().who().life == which.challenger->who().life)
        return;
    auto const incumbent = entry->pointer();
    auto const lost_how = incumbent_lives ? contests::loss::alive : contests::loss::ended;
    auto const until = now + (incumbent_lives ? remembrance_of_losers * incumbent->detection_time()
                                              : duration(contests::patience));
    auto& lost = contests_.lose(incumbent->who(), lost_how, until, now);
    // An incumbent that is hidden is not charted, and the winner is.
    auto const member = entry->is_hidden() ? membership::begun : membership::kept;
    if (!incumbent_lives)
        former_.note(incumbent->who());
    members_.erase(which.id());
    auto& winner = members_.insert(which.challenger, ticks(now));
    if (which.what == contest::kind::claim)
        members_.hear(winner);
    changed_at_ = now;
    tell(event_kind::restarted, which.challenger, member, incumbent);
    if (incumbent_lives)
        tell_conflict(lost, incumbent, now);
}

/// The incumbent has ended before the contest did.
void registry::succeed(contest const& which, time_point now)
{
    auto const& who = which.challenger->who();
    auto const* trace = dead_.find(who.id);
    if (which.what == contest::kind::successor || (trace && trace->who.life == who.life))
        return;
    auto const kind = trace && !trace->left ? event_kind::restarted : event_kind::found;
    bool const answered = which.what == contest::kind::predecessor;
    admit(who, which.challenger->record(), answered, kind, now);
}

/// The life that the contest depended on has not spoken: the challenger, if it is a predecessor, or
/// else the incumbent.
void registry::time_out(contest const& which, time_point now)
{
    if (which.what != contest::kind::predecessor)
        return let_in(which, false, now);
    contests_.lose(which.challenger->who(), contests::loss::unanswered,
                   now + which.challenger->detection_time(), now);
}

void registry::tell_conflict(contests::loser& who, member_ptr known, time_point now)
{
    auto const interval = known->detection_time();
    who.until = now + remembrance_of_losers * interval;
    if (former_.holds(who.who))
        return;
    if (who.told != time_point{} && now - who.told < interval)
        return;
    who.told = now;
    tell(event_kind::id_conflict, std::move(known));
}

} // namespace rollcast::detail
