// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"
#include "protocol/presence.hpp"

#include <algorithm>
#include <utility>
#include <vector>

// What links have to do with each other: some are on one wire, or lead to nobody who is not reached
// by another link as well, and a speaker tells on its other links that it has lost one.

namespace rollcast::detail {
namespace {

/// Members asked for a proof in half a beat interval. Those who have proven themselves by then make
/// room for the next ones.
constexpr std::size_t most_asked = 8;

} // namespace

/// Whether the two links cannot fail apart: they are on one wire, or `b` is loopback, which never
/// fails.
bool engine::may_cover(segment const& a, segment const& b) const
{
    if (&a == &b || a.detached() || b.detached() || a.relies_on())
        return false;
    auto const& on = a.where();
    auto const& relying = b.where();
    bool const by_wire =
        on.index < relying.index && wires_.are_one(on.index, relying.index, self_.past);
    return by_wire || (relying.is_loopback() && !on.is_loopback());
}

/// Whether every member of link `b` is missed on link `a` as well when it dies: then it is enough
/// to watch on `a`.
bool engine::covers(segment const& a, segment const& b) const
{
    return may_cover(a, b) &&
           std::ranges::all_of(b.known().members().all(), [&](roster_entry const& entry) {
               if (!entry)
                   return true;
               auto const* there = a.known().members().find(entry.who().who().id);
               return there && there->is_proven() && !there->is_suspect() && !there->is_aside() &&
                      there->who().who().life == entry.who().who().life;
           });
}

/// Link `a` may watch for `b` only where all members of `b` are proven on `a`, and those far away
/// on the ring are asked for no proof otherwise.
void engine::ask_for_proofs(segment& a, segment const& b, time_point now)
{
    if (!may_cover(a, b))
        return;
    std::size_t asked = 0;
    for (auto const& entry : b.known().members().all()) {
        auto const* there = entry ? a.known().members().find(entry.who().who().id) : nullptr;
        if (!there || there->is_proven())
            continue;
        a.ask_for_proof(there->who(), now);
        if (++asked == most_asked)
            return;
    }
}

/// Decides which links rely on another one to watch their members. Of links on one wire all rely on
/// the first, and loopback on any.
void engine::share_the_watch(time_point now)
{
    if (segments_.size() == 1 || !self_.may_speak()) {
        for (auto const& each : segments_)
            each->rely_on(std::nullopt);
        return;
    }
    auto version = links_version_ << 48;
    for (auto const& each : segments_)
        version += each->known().members().version();
    bool const asks = now - proofs_asked_ >= self_.beat_interval() / 2;
    if (version == watched_version_ && !suspicions_changed_ && !asks)
        return;
    suspicions_changed_ = false;
    if (asks)
        proofs_asked_ = now;
    watched_version_ = version;
    std::vector<segment*> order;
    for (auto const& each : segments_)
        order.push_back(each.get());
    std::ranges::sort(order, {}, [](segment* each) {
        return std::pair(each->where().is_loopback(), each->where().index);
    });
    for (auto* const each : order) {
        auto const found =
            std::ranges::find_if(order, [&](segment* by) { return covers(*by, *each); });
        bool const alone = each->detached() || each->known().members().size() == 0;
        if (!alone && found != order.end())
            each->rely_on((*found)->where().index);
        else
            watch_alone(*each, now);
        if (asks && !alone && found == order.end())
            for (auto* const by : order)
                ask_for_proofs(*by, *each, now);
    }
}

/// The link relies on no other one any more. Members missed on that one have been silent for long,
/// as far as anybody knows.
void engine::watch_alone(segment& where, time_point now)
{
    if (!where.relies_on())
        return;
    auto const* other = find_segment(*where.relies_on());
    where.rely_on(std::nullopt);
    if (!other || other->detached() || where.detached())
        return;
    std::vector<member_ptr> members;
    for (auto const& entry : where.known().members().all())
        if (entry)
            members.push_back(entry.pointer());
    for (auto const& each : members) {
        auto const& who = each->who();
        auto const* there = other->known().members().find(who.id);
        auto const* trace = other->known().dead().find(who.id);
        bool const gone = !there && trace && trace->who.life == who.life;
        if (gone || (there && there->is_suspect()))
            where.doubt(*each, gone, now);
    }
}

/// A speaker may say on one link that it has lost another one, where it is not reached any more.
/// Whatever it says on a link that relies on another one is also a sign of its life there.
void engine::hear_of_losses(announcement const& heard, segment& where, time_point now)
{
    if (where.relies_on() && heard.type != message_type::bye && !where.where().is_loopback())
        if (auto* const watching = find_segment(*where.relies_on())) {
            watching->note_sign_of(heard.who, now); // it is the same wire
            publish_changes(*watching, now);
        }
    if (heard.type != message_type::hello || heard.members.empty())
        return;
    auto const* speaker = where.known().members().find(heard.who.id);
    if (!speaker || !speaker->is_proven() || speaker->who().who() != heard.who)
        return;
    for (auto const& lost : heard.members)
        for (auto const& each : segments_) {
            auto const* entry = each->known().members().find(heard.who.id);
            bool const concerns =
                lost.who == heard.who && each.get() != &where && entry && !each->detached() &&
                entry->who().who().life == heard.who.life &&
                entry->who().who().incarnation < heard.who.incarnation &&
                !wires_.are_one(each->where().index, where.where().index, self_.past) &&
                is_reached_at(entry->who().record(), lost.record);
            if (!concerns)
                continue;
            auto const who = entry->who().who();
            each->lose(who, now);
            publish_changes(*each, now);
        }
}

} // namespace rollcast::detail
