// SPDX-License-Identifier: BSL-1.0
#include "protocol/segment_context.hpp"

#include <algorithm>

// What a segment learns of instances from the records and ends in a datagram.

namespace rollcast::detail {
namespace {

/// A DIGEST passes on an end that others may have missed. One that is no older than this is
/// believed like GONE; an older one is checked, since the instance may have objected meanwhile.
constexpr auto fresh_end = std::chrono::seconds(3);

} // namespace

/// Whether all we shall ever know of this member is what others say.
bool segment::is_hearsay(roster_entry const& entry) const noexcept
{
    return !entry.is_heard() && known_.members().aside() != 0;
}

bool segment::has_heard_lately(roster_entry const& entry, double beats, time_point now) const
{
    // A listener takes a mention for a sign of life, so it knows no better than others do.
    return self_.now_doing != self_state::mode::silent && entry.is_heard() &&
           now - known_.last_heard(entry) < share(entry.beat_interval(), beats);
}

registry::verdict segment::learn(context& in, identity const& who, record_view const& told,
                                 registry::source from)
{
    if (self_.is_ours(who.id)) {
        learn_of_ourselves(in, who, told, from.by);
        return registry::verdict::known;
    }
    if (!self_.incarnations.believes(who, in.now)) {
        ++self_.counters.stale;
        return registry::verdict::stale;
    }
    bool const stranger = from.by != channel::records && !known_.members().find(who.id);
    if (stranger && !from.proven && !self_.limits.may_introduce(in.from.source.address(), in.now)) {
        ++self_.counters.refused;
        known_.turn_away(who, told);
        return registry::verdict::refused;
    }
    auto const result = known_.learn(who, told, from, in.now);
    note_teller(in, who, told, from, result);
    self_.counters.refused += result == registry::verdict::refused;
    if (result == registry::verdict::stale) {
        ++self_.counters.stale;
        check_incumbent(who, in.now);
    }
    if (result == registry::verdict::applied)
        news_.note(who.id, false, in.now);
    return result;
}

/// The teller of an address pays for what is sent there, until the address has proven itself.
void segment::note_teller(context const& in, identity const& who, record_view const& told,
                          registry::source from, registry::verdict what)
{
    bool const news = what == registry::verdict::applied || what == registry::verdict::contested;
    if (news)
        voice_.note_told(who.life, in.from.source);
    if (from.by == channel::records) // only an instance that was asked sends these
        return vouch(in, who, told);
    auto* entry = known_.members().find(who.id);
    if (news && entry && entry->who().who() == who)
        entry->vouch(false);
}

/// The bytes in which the source has told of this member may be spent on asking it.
void segment::vouch(context const& in, identity const& who, record_view const& told)
{
    auto* entry = known_.members().find(who.id);
    bool const same =
        entry && entry->who().who() == who && std::ranges::equal(entry->who().packed(), told.bytes);
    if (!same)
        return;
    voice_.note_vouched(in.from.source, announce::member_overhead + told.bytes.size());
    entry->vouch(true);
}

/// Objects to what is told of our life, if any instance may believe it.
void segment::refute(context& in, std::uint64_t accused) const
{
    bool const by_proven = in.proven || voice_.is_proven(in.from.source);
    auto const own = self_.config.own.incarnation;
    if (self_.incarnations.may_be_believed(accused, own, by_proven, in.now))
        in.out.refute = std::max(in.out.refute.value_or(0), accused);
}

/// Another life claims an id, or is said to have it: does the incumbent still live? The watchers of
/// that id may have the other life charted, and not miss the incumbent.
void segment::check_incumbent(identity const& claimant, time_point now)
{
    auto const* entry = known_.members().find(claimant.id);
    if (!entry || entry->who().who().life == claimant.life || !self_.may_ask())
        return;
    auto const limit = 4 * entry->beat_interval();
    if (now - known_.last_heard(*entry) >= limit)
        detector_.doubt(entry->who(), share(limit / 4, self_.random.unit()), now);
}

/// Something is told of our id: of another life, or of our own.
void segment::learn_of_ourselves(context& in, identity const& who, record_view const& told,
                                 channel by)
{
    if (who.life != self_.config.own.life)
        in.out.rival = rival{who, told, by == channel::hello};
    else if (voice_.overrules(who, told))
        refute(in, who.incarnation);
    else
        catch_up(who, told, in.now);
}

/// Our own word, but from another link, where our record has changed since: we have to be heard on
/// this link with its sequence number, too, or members that hear us on both never agree
/// with us.
void segment::catch_up(identity const& who, record_view const& told, time_point now)
{
    auto const& own = voice_.own();
    if (who.incarnation == own.who().incarnation && told.sequence > own.sequence())
        renew(now);
}

/// Whether what the speaker tells of others is believed. A listener cannot ask for proofs, and
/// believes all.
bool segment::believes_speaker(context const& in) const
{
    auto const* speaker = known_.members().find(in.heard.who.id);
    return in.proven || self_.now_doing == self_state::mode::silent ||
           (speaker && speaker->is_proven() && speaker->who().who().life == in.heard.who.life);
}

void segment::learn_members(context& in, channel by, bool trusted)
{
    bool const believed = trusted || believes_speaker(in);
    for (auto const& each : in.heard.members) {
        bool const itself = each.who == in.heard.who;
        learn(in, each.who, each.record,
              {itself ? channel::direct : by, (each.proven || itself) && trusted, believed});
        if (by != channel::digest)
            continue;
        // The address of the speaker is proven, and the member has answered the speaker.
        if (each.proven && !itself && voice_.is_proven(in.from.source))
            vouch(in, each.who, each.record);
        news_.heard(each.who.id);
        news_.heard_up_to(ring_position(each.who.id, self_.config.key));
        if (self_.now_doing == self_state::mode::silent)
            known_.hear(each.who, false,
                        in.now); // to a listener a mention is a sign of life
    }
}

/// Whether this end counts like GONE by multicast: it is recent, and we have not heard the member
/// lately. An observer takes an end in RECORDS so as well: if it were multicast, it would have to
/// believe it.
bool segment::is_fresh(context const& in, ended_member const& told, roster_entry const& entry) const
{
    bool const observing = self_.now_doing == self_state::mode::observing;
    auto const asked_late = observing ? 2 * entry.who().beat_interval() : duration{};
    bool const is_for_us = in.from.multicast || observing;
    return is_for_us && told.age < std::max<duration>(fresh_end, asked_late) &&
           !has_heard_lately(entry, 1, in.now);
}

/// The speaker holds this life gone, or has heard its goodbye.
void segment::learn_ended(context& in, ended_member const& told)
{
    auto const& own = self_.config.own;
    if (self_.is_ours(told.who.id)) {
        if (told.who.life == own.life)
            refute(in, told.who.incarnation);
        else
            in.out.rival = rival{told.who, std::nullopt, false};
        return;
    }
    if (!believes_speaker(in) || !self_.incarnations.believes(told.who, in.now))
        return;
    auto const* entry = known_.members().find(told.who.id);
    bool const alive = entry && entry->who().who().life == told.who.life &&
                       entry->who().who().incarnation <= told.who.incarnation;
    if (!alive) {
        known_.remember(told, in.now);
    } else if (told.left && !self_.may_ask()) {
        known_.leave(told.who, in.now);
    } else if (told.left) {
        if (farewells_.note(told.who, in.now))
            for (int copy = 0; copy < farewells::pings; ++copy)
                ping(entry->who(), in.now);
    } else if (is_hearsay(*entry)) {
        if (known_.call_gone(told.who, in.now)) {
            news_.note(told.who.id, true, in.now);
            spread_news(in.now); // members that hear us alone learn it from us
        }
    } else if (is_fresh(in, told, *entry)) {
        if (known_.call_gone(told.who, in.now))
            news_.note(told.who.id, true, in.now);
    } else {
        warn(told.who, true, in.now);
        if (self_.may_ask())
            detector_.deny(entry->who(), in.now);
    }
}

} // namespace rollcast::detail
