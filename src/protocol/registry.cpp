// SPDX-License-Identifier: BSL-1.0
#include "protocol/registry.hpp"

#include "announce/codec.hpp"

#include <algorithm>
#include <utility>

namespace rollcast::detail {
namespace {

/// 10 s, as for the shortest detection time there is: that of a stranger is unknown.
constexpr auto remembrance_of_strangers = tombstone::remembrance(std::chrono::seconds(1));

} // namespace

registry::registry(group_key const& key, member_pool* pool, census const& room, time_point epoch)
    : key_(key), pool_(pool), room_(room), epoch_(epoch), members_(key)
{
}

std::chrono::milliseconds registry::ticks(time_point when) const noexcept
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(when - epoch_);
}

registry::verdict registry::learn(identity const& who, record_view const& told, source from,
                                  time_point now)
{
    auto const result = learn_of(who, told, from, now);
    auto* entry = tells_itself(from.by) ? members_.find(who.id) : nullptr;
    if (entry && entry->who().who().life == who.life)
        meet(*entry, from.proven);
    return result;
}

bool registry::charts(identity const& who) const noexcept
{
    auto const* entry = members_.find(who.id);
    return entry && !entry->is_hidden() && entry->who().who().life == who.life;
}

/// The instance is heard on this link itself.
void registry::meet(roster_entry& entry, bool answers)
{
    bool const was_hidden = entry.is_hidden();
    members_.hear(entry);
    if (answers)
        members_.answer(entry);
    if (was_hidden)
        tell(event_kind::reachable, entry.pointer(), membership::begun);
}

registry::verdict registry::learn_of(identity const& who, record_view const& told, source from,
                                     time_point now)
{
    if (auto* const entry = members_.find(who.id)) {
        auto const result = entry->who().who().life == who.life ? revise(*entry, who, told, now)
                                                                : challenge(who, told, from, now);
        if (from.proven && entry->who().who().life == who.life)
            members_.prove(*entry);
        return result;
    }
    if (auto const* trace = dead_.find(who.id))
        return rise(*trace, who, told, from, now);
    return admit(who, told, from.proven, event_kind::found, now);
}

registry::verdict registry::admit(identity const& who, record_view const& told, bool proven,
                                  event_kind kind, time_point now)
{
    auto fresh = make_member(who, told, key_, pool_);
    if (!room_.has_room(who.id, proven)) {
        refused_at_ = now;
        tell(event_kind::chart_full, std::move(fresh));
        return verdict::refused;
    }
    dead_.erase(who.id);
    auto& entry = members_.insert(fresh, ticks(now));
    if (proven)
        members_.prove(entry);
    changed_at_ = now;
    tell(kind, std::move(fresh), membership::begun);
    return verdict::applied;
}

/// Something is told of the life that has the id.
registry::verdict registry::revise(roster_entry& entry, identity const& who,
                                   record_view const& told, time_point now)
{
    auto const& known = entry.who();
    auto const age = std::pair(who.incarnation, told.sequence);
    auto const known_age = std::pair(known.who().incarnation, known.sequence());
    if (age < known_age)
        return verdict::stale;
    if (age == known_age)
        return verdict::known;
    bool const refutes = entry.is_suspect() && who.incarnation > known.who().incarnation;
    auto const before = entry.pointer();
    members_.replace(entry, make_member(who, told, key_, pool_));
    changed_at_ = now;
    if (refutes) {
        entry.suspect(false);
        if (!entry.is_hidden())
            tell(event_kind::refuted, entry.pointer());
    }
    if (!entry.is_hidden())
        tell(event_kind::updated, entry.pointer(), membership::kept, before);
    return verdict::applied;
}

roster_entry* registry::hear(identity const& who, bool proven, time_point now)
{
    if (auto const* open = proven ? contests_.find(who.id) : nullptr) {
        bool const challenger = open->challenger->who().life == who.life;
        if (open->what == contest::kind::predecessor && challenger)
            let_in(*contests_.take(who.id), true, now);
        else if (open->what == contest::kind::successor && !challenger)
            keep_incumbent(*contests_.take(who.id), now);
    }
    if (proven)
        former_.forget(who);
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life)
        return nullptr;
    entry->heard(ticks(now));
    meet(*entry, proven);
    return entry;
}

/// Something is told of an id whose last life has ended.
registry::verdict registry::rise(tombstone const& trace, identity const& who,
                                 record_view const& told, source from, time_point now)
{
    bool const same_life = trace.who.life == who.life;
    bool const is_said = trace.assumed ? who.incarnation < trace.who.incarnation
                                       : who.incarnation <= trace.who.incarnation;
    if (same_life && is_said)
        return verdict::ended;
    if (same_life)
        return admit(who, told, from.proven, trace.left ? event_kind::found : event_kind::returned,
                     now);
    bool const older = is_older(who, trace.who);
    // An older life that says HELLO has restarted with its clock set back, or the HELLO was under
    // way since before the end.
    bool const under_way = now - trace.ended <= contests::patience;
    if (older && from.by != channel::hello)
        return ask_predecessor(who, told, from, now);
    if (older && under_way)
        return verdict::stale;
    auto const kind = trace.left ? event_kind::found : event_kind::restarted;
    return admit(who, told, from.proven, kind, now);
}

bool registry::suspect(identity const& who)
{
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life || entry->is_suspect() ||
        entry->who().who().incarnation > who.incarnation || entry->is_hidden())
        return false;
    entry->suspect(true);
    tell(event_kind::suspect, entry->pointer());
    return true;
}

bool registry::call_gone(identity const& who, time_point now)
{
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life ||
        entry->who().who().incarnation > who.incarnation)
        return false;
    bury(*entry, false, now);
    return true;
}

bool registry::assume_gone(identity const& who, time_point now)
{
    bool const news = call_gone(who, now);
    if (news)
        dead_.doubt(who.id);
    return news;
}

bool registry::set_aside(identity const& who)
{
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life || entry->is_aside())
        return false;
    members_.set_aside(*entry);
    if (entry->is_hidden())
        hide(*entry);
    return true;
}

bool registry::miss(identity const& who)
{
    auto* entry = members_.find(who.id);
    bool const charted = entry && entry->who().who().life == who.life && !entry->is_hidden();
    if (!charted || !entry->is_aside())
        return false;
    members_.miss(*entry);
    hide(*entry);
    return true;
}

void registry::hide(roster_entry& entry)
{
    entry.suspect(false);
    tell(event_kind::unreachable, entry.pointer(), membership::ended);
    changes_.back().first_heard = epoch_ + entry.first_heard();
    changes_.back().last_heard = last_heard(entry);
}

bool registry::absolve(identity const& who)
{
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life || !entry->is_suspect())
        return false;
    entry->suspect(false);
    tell(event_kind::refuted, entry->pointer());
    return true;
}

bool registry::leave(identity const& who, time_point now)
{
    auto* entry = members_.find(who.id);
    if (entry && entry->who().who().life == who.life) {
        if (entry->who().who().incarnation > who.incarnation)
            return false; // the life has objected since that goodbye
        bury(*entry, true, now);
        return true;
    }
    auto const* trace = dead_.find(who.id);
    if (!entry && trace && trace->who.life == who.life) {
        auto revised = *trace;
        revised.left = true;
        revised.who.incarnation = std::max(trace->who.incarnation, who.incarnation);
        dead_.bury(std::move(revised));
    } else if (!entry && !trace) {
        // An answer of the life that leaves may still be under way, on another socket.
        dead_.bury({who, true, now, now + remembrance_of_strangers, nullptr});
    }
    return false;
}

void registry::bury(roster_entry& entry, bool left, time_point now)
{
    auto const who = entry.pointer();
    auto const first_heard = epoch_ + entry.first_heard();
    auto const heard_last = last_heard(entry);
    bool const was_hidden = entry.is_hidden();
    members_.erase(who->who().id);
    former_.note(who->who());
    dead_.bury({who->who(), left, now, now + tombstone::remembrance(who->detection_time()), who});
    changed_at_ = now;
    if (was_hidden)
        return; // not charted, so its end is no change
    tell(left ? event_kind::left : event_kind::gone, who, membership::ended);
    changes_.back().first_heard = first_heard;
    changes_.back().last_heard = heard_last;
}

void registry::remember(ended_member const& told, time_point now)
{
    // An end of a life that was known here is worth more than what is told of another life.
    auto const* trace = dead_.find(told.who.id);
    bool const known = trace && (trace->known || !is_older(trace->who, told.who));
    if (known || members_.find(told.who.id))
        return;
    auto const ended = now - std::min<duration>(told.age, now - epoch_);
    auto const until = ended + remembrance_of_strangers;
    if (until > now)
        dead_.bury({told.who, told.left, ended, until, nullptr});
}

void registry::forget(std::uint64_t id)
{
    members_.erase(id);
    dead_.erase(id);
}

void registry::turn_away(identity const& who, record_view const& told)
{
    tell(event_kind::chart_full, make_member(who, told, key_, pool_));
}

std::vector<member_ptr> registry::take_doubted()
{
    return std::exchange(doubted_, {});
}

void registry::advance(time_point now)
{
    dead_.expire(now);
    while (auto const due = contests_.take_due(now))
        time_out(*due, now);
}

std::optional<time_point> registry::next_deadline() const
{
    return earlier(dead_.next_deadline(), contests_.next_deadline());
}

void registry::tell(event_kind kind, member_ptr who, membership member, member_ptr before)
{
    changes_.push_back({kind, std::move(who), std::move(before), member, {}, {}});
    joining_ += member == membership::begun;
}

std::vector<change> registry::take_changes()
{
    joining_ = 0;
    return std::exchange(changes_, {});
}

} // namespace rollcast::detail
