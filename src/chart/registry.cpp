// SPDX-License-Identifier: BSL-1.0
#include "chart/registry.hpp"

#include <rollcast/announce/codec.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace rollcast::detail {
namespace {

/// How long the traces of an ended instance are kept, in its detection times.
constexpr int remembrance = 10;

/// Of whom nothing else is known: traces of strangers are kept for the shortest time.
constexpr auto shortest_beat = std::chrono::milliseconds(250);

// Forged claims must not cost more than this.
constexpr std::size_t most_contests = 64;
constexpr std::size_t most_losers = 256;

duration detection_time(member const& who) noexcept
{
    return 4 * who.beat_interval();
}

bool tells_itself(channel by) noexcept
{
    return by == channel::hello || by == channel::direct;
}

} // namespace

bool is_older(identity const& a, identity const& b) noexcept
{
    return std::tie(a.incarnation, a.life) < std::tie(b.incarnation, b.life);
}

registry::registry(group_key const& key, member_pool* pool, census const& room, time_point epoch)
    : key_(key), pool_(pool), room_(room), epoch_(epoch), members_(key)
{
}

std::chrono::milliseconds registry::ticks(time_point when) const noexcept
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(when - epoch_);
}

registry::verdict registry::learn(identity const& who, record_view const& told, channel by,
                                  bool proven, time_point now)
{
    if (auto* entry = members_.find(who.id)) {
        auto const result = entry->who().who().life == who.life ? revise(*entry, who, told, by, now)
                                                                : challenge(who, told, by, now);
        entry = members_.find(who.id);
        if (proven && entry && entry->who().who().life == who.life)
            members_.prove(*entry);
        return result;
    }
    if (auto const* trace = dead_.find(who.id))
        return rise(*trace, who, told, by, proven, now);
    return admit(who, told, proven, event_kind::found, now);
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
    tell(kind, std::move(fresh), 1);
    return verdict::applied;
}

/// The same life tells something.
registry::verdict registry::revise(roster_entry& entry, identity const& who,
                                   record_view const& told, channel by, time_point now)
{
    if (tells_itself(by))
        entry.heard(ticks(now));
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
        tell(event_kind::refuted, entry.pointer());
    }
    auto const content = [](member const& each) { return each.packed().subspan(4); };
    if (!std::ranges::equal(content(*before), content(entry.who())))
        tell(event_kind::updated, entry.pointer(), 0, before);
    return verdict::applied;
}

/// Another life claims the id of a living one.
registry::verdict registry::challenge(identity const& who, record_view const& told, channel by,
                                      time_point now)
{
    if (auto* lost = find_loser(who, now)) {
        if (!lost->buried && by == channel::hello)
            tell_conflict(*lost, make_member(who, told, key_, pool_), now);
        return verdict::stale;
    }
    auto const open = std::ranges::find(
        contests_, who.life, [](contest const& each) { return each.challenger->who().life; });
    if (open == contests_.end())
        open_contest(make_member(who, told, key_, pool_), by != channel::hello, now);
    return verdict::contested;
}

void registry::open_contest(member_ptr challenger, bool hearsay, time_point now)
{
    if (contests_.size() >= most_contests)
        return;
    auto const& incumbent = members_.find(challenger->who().id)->pointer();
    bool const older = hearsay && is_older(challenger->who(), incumbent->who());
    if (hearsay)
        doubted_.push_back(older ? challenger : incumbent);
    contests_.push_back({std::move(challenger), hearsay, older, now + contest_time});
}

void registry::hear_hello(identity const& who, time_point now)
{
    auto const contested = [&](contest const& each) {
        return each.challenger->who().id == who.id && each.challenger->who().life != who.life &&
               !each.older;
    };
    auto const found = std::ranges::find_if(contests_, contested);
    if (found == contests_.end())
        return;
    auto const decided = *found;
    contests_.erase(found);
    decide(decided, true, now);
}

roster_entry* registry::hear(identity const& who, time_point now)
{
    // The one of the two that is older only has to be heard.
    auto const settles = [&](contest const& each) {
        auto const& challenger = each.challenger->who();
        return each.hearsay && challenger.id == who.id &&
               (challenger.life == who.life) == each.older;
    };
    auto const found = std::ranges::find_if(contests_, settles);
    if (found != contests_.end()) {
        auto const decided = *found;
        contests_.erase(found);
        decide(decided, true, now);
    }
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life)
        return nullptr;
    entry->heard(ticks(now));
    return entry;
}

/// Where both lives are there the older one stays; where the incumbent is silent the other does.
void registry::decide(contest const& which, bool objected, time_point now)
{
    auto* entry = members_.find(which.challenger->who().id);
    if (!entry || entry->who().who().life == which.challenger->who().life)
        return; // the incumbent has ended meanwhile
    if (which.older && !objected)
        return; // it is no more
    auto const incumbent = entry->pointer();
    bool const stays = objected && is_older(incumbent->who(), which.challenger->who());
    auto const& lost = stays ? which.challenger : incumbent;
    if (losers_.size() >= most_losers)
        losers_.erase(losers_.begin());
    // As long as the winner lives; afterwards the loser is charted as soon as it is heard.
    auto const until =
        now + (objected ? remembrance * detection_time(*lost) : duration(contest_time));
    losers_.push_back({lost->who(), !objected, {}, until});
    if (!stays) {
        members_.erase(incumbent->who().id);
        members_.insert(which.challenger, ticks(now));
        changed_at_ = now;
    }
    if (objected && (!which.hearsay || which.older))
        tell_conflict(losers_.back(), lost, now);
    else if (!objected)
        tell(event_kind::restarted, which.challenger);
}

registry::loser* registry::find_loser(identity const& who, time_point now)
{
    std::erase_if(losers_, [&](loser const& each) { return each.until <= now; });
    auto const found = std::ranges::find_if(losers_, [&](loser const& each) {
        return each.who.id == who.id && each.who.life == who.life;
    });
    return found == losers_.end() ? nullptr : &*found;
}

void registry::tell_conflict(loser& who, member_ptr known, time_point now)
{
    auto const interval = detection_time(*known);
    who.until = now + remembrance * interval;
    if (who.told != time_point{} && now - who.told < interval)
        return;
    who.told = now;
    tell(event_kind::id_conflict, std::move(known));
}

/// Something is told of one who has ended.
registry::verdict registry::rise(tombstone const& from, identity const& who,
                                 record_view const& told, channel by, bool proven, time_point now)
{
    bool const same_life = from.who.life == who.life;
    if (same_life && (from.left || who.incarnation <= from.who.incarnation))
        return verdict::ended;
    if (same_life)
        return admit(who, told, proven, event_kind::returned, now);
    bool const older = is_older(who, from.who);
    // An older life tells itself after a restart with the clock set back, or was under way.
    bool const under_way = now - from.ended <= contest_time;
    if (older && (by != channel::hello || under_way))
        return verdict::stale;
    auto const kind = from.left ? event_kind::found : event_kind::restarted;
    return admit(who, told, proven, kind, now);
}

bool registry::suspect(identity const& who)
{
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life || entry->is_suspect() ||
        entry->who().who().incarnation > who.incarnation)
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

bool registry::leave(identity const& who, time_point now)
{
    auto* entry = members_.find(who.id);
    if (entry && entry->who().who().life == who.life) {
        bury(*entry, true, now);
        return true;
    }
    auto const* trace = dead_.find(who.id);
    bool const news = !entry && (!trace || (trace->who.life == who.life && !trace->left));
    // An answer of the leaving one may still be under way, on another socket.
    if (news)
        dead_.bury({who, true, now, now + remembrance * 4 * shortest_beat, nullptr});
    return false;
}

void registry::bury(roster_entry& entry, bool left, time_point now)
{
    auto const who = entry.pointer();
    members_.erase(who->who().id);
    dead_.bury({who->who(), left, now, now + remembrance * detection_time(*who), who});
    changed_at_ = now;
    tell(left ? event_kind::left : event_kind::gone, who, -1);
}

void registry::remember(ended_member const& told, time_point now)
{
    auto const* trace = dead_.find(told.who.id);
    if (members_.find(told.who.id) || (trace && !is_older(trace->who, told.who)))
        return;
    auto const ended = now - std::min<duration>(told.age, now - epoch_);
    auto const until = ended + remembrance * 4 * shortest_beat;
    if (until > now)
        dead_.bury({told.who, told.left, ended, until, nullptr});
}

void registry::forget(std::uint64_t id)
{
    members_.erase(id);
    dead_.erase(id);
}

bool registry::drop(identity const& who)
{
    auto* entry = members_.find(who.id);
    if (!entry || entry->who().who().life != who.life)
        return false;
    auto const dropped = entry->pointer();
    members_.erase(who.id);
    tell(event_kind::gone, dropped, -1);
    return true;
}

std::vector<member_ptr> registry::take_doubted()
{
    return std::exchange(doubted_, {});
}

void registry::advance(time_point now)
{
    dead_.expire(now);
    while (!contests_.empty() && contests_.front().until <= now) {
        auto const due = contests_.front();
        contests_.erase(contests_.begin());
        decide(due, false, now);
    }
}

std::optional<time_point> registry::next_deadline() const
{
    return earlier(dead_.next_deadline(),
                   contests_.empty() ? std::nullopt : std::optional(contests_.front().until));
}

void registry::tell(event_kind kind, member_ptr who, int joined, member_ptr before)
{
    changes_.push_back({kind, std::move(who), std::move(before), joined});
}

std::vector<change> registry::take_changes()
{
    return std::exchange(changes_, {});
}

} // namespace rollcast::detail
