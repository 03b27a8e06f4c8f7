// SPDX-License-Identifier: BSL-1.0
#include "protocol/segment_context.hpp"

#include <algorithm>

// Whether a member is still there: what others hold against it, and what comes of doubts that are
// not settled by the instance that has voiced them.

namespace rollcast::detail {
namespace {

/// In beat intervals. An accuser says GONE one interval after SUSPECT; everybody else who still has
/// the suspect charted waits twice that time, and up to one interval more at random, and then looks
/// for itself.
constexpr double patience_with_doubts = 2;

/// Two members say a digest in each interval, so of n members each has a turn in n/2 intervals on
/// average. In so many times that, one that lives has no turn but once in 3,000 times.
constexpr int digests_missed = 8;
/// In own detection times.
constexpr int detection_times_missed = 16;

/// Beat intervals between two looks for a silent member: more often would find one sooner, but each
/// one found costs questions and an answer. Where the watchers of all members hear them, a look is
/// only for what the rules have not foreseen.
constexpr int beats_per_look = 4;
constexpr int beats_per_look_where_all_are_missed = 64;
/// Members looked at each time.
constexpr std::size_t longest_look_round = 32;

} // namespace

/// Whether it is this life that is accused; then it objects.
bool segment::hear_accused(context& in, identity const& accused)
{
    auto const& own = self_.config.own;
    bool const verdict =
        in.heard.type == message_type::suspect || in.heard.type == message_type::gone;
    if (!verdict || !self_.is_ours(accused.id) || accused.life != own.life)
        return false;
    refute(in, accused.incarnation);
    return true;
}

/// Tells the speaker what is held against it, so that it can object.
void segment::tell_verdict(context const& in, identity const& who, bool gone)
{
    auto value = voice_.speak(gone ? message_type::gone : message_type::suspect);
    std::vector<std::byte> subjects;
    announce::append(subjects, who);
    value.subjects = wire_list<identity>(subjects);
    voice_.answer(who_asks(in), value, in.now);
}

/// The same to a member that has not spoken just now, if it is proven.
void segment::warn(identity const& who, bool gone, time_point now)
{
    auto const* entry = known_.members().find(who.id);
    auto const to = entry && entry->is_proven() ? seen_.best(entry->who()) : std::nullopt;
    if (!to || !self_.limits.may_answer(to->address(), true, now))
        return;
    auto value = voice_.speak(gone ? message_type::gone : message_type::suspect);
    std::vector<std::byte> subjects;
    announce::append(subjects, who);
    value.subjects = wire_list<identity>(subjects);
    voice_.unicast(*to, value, &entry->who());
}

void segment::hear_accusation(context& in)
{
    bool const gone = in.heard.type == message_type::gone;
    for (auto const& accused : in.heard.subjects) {
        if (hear_accused(in, accused))
            continue;
        auto const* entry = known_.members().find(accused.id);
        bool const concerns = in.from.multicast && entry &&
                              self_.incarnations.believes(accused, in.now) &&
                              entry->who().who().life == accused.life &&
                              entry->who().who().incarnation <= accused.incarnation;
        if (!concerns)
            continue;
        accusations_.withdraw(accused, in.heard.type);
        if (has_heard_lately(*entry, 1, in.now)) {
            // We know better. The accused itself should tell the others, by objecting.
            warn(accused, gone, in.now);
            if (gone)
                continue;
        }
        ++self_.counters.applied;
        if (!gone) {
            if (known_.suspect(accused))
                note_doubt(*entry, in.now);
        } else if (known_.call_gone(accused, in.now)) {
            accusations_.withdraw(accused, message_type::suspect);
            news_.note(accused.id, true, in.now);
            spread_news(in.now);
        }
    }
}

void segment::note_doubt(roster_entry const& doubted, time_point now)
{
    auto const patience =
        share(doubted.beat_interval(), patience_with_doubts + self_.random.unit());
    if (self_.may_ask())
        doubts_.note(doubted.who().who(), now + patience);
}

void segment::settle_doubts(time_point now)
{
    while (auto const who = doubts_.take_due(now)) {
        auto const* entry = known_.members().find(who->id);
        if (!entry || entry->who().who() != *who)
            continue; // the one in doubt has objected, or is gone
        if (!has_heard_lately(*entry, patience_with_doubts, now))
            detector_.deny(entry->who(), now);
        else if (entry->is_suspect())
            note_doubt(*entry, now); // the suspect may still be heard to object
    }
}

/// So long after it was heard last, a member that is heard by multicast only is not there any more.
/// A member that answers may be asked sooner.
duration segment::longest_silence(roster_entry const& entry) const
{
    duration const shortest = detection_times_missed * self_.config.detection_time;
    if (entry.answers())
        return shortest;
    auto const turns =
        digests_missed * std::max<int>(1, static_cast<int>(known_.members().size() / 2));
    return std::max<duration>(turns * self_.config.longest_digest_interval, shortest);
}

/// Where all hear each other, a member that has died is missed by its watchers on the ring, who
/// tell all. Elsewhere the watchers may be out of its hearing, as where members count on us out of
/// turn, or may never have heard it, as when it was made up for us alone. We may know nothing of
/// that: they have set it aside, not we.
void segment::look_for_silent(time_point now)
{
    auto& members = known_.members();
    bool const all_are_missed = members.aside() == 0 && detector_.counting() <= ring::watchers;
    auto const beats = all_are_missed ? beats_per_look_where_all_are_missed : beats_per_look;
    if (now < last_look_ + beats * self_.beat_interval())
        return;
    last_look_ = now;
    auto* each = members.after(look_position_);
    for (std::size_t i = 0; each && i < std::min(members.size(), longest_look_round); ++i) {
        look_position_ = each->who().position();
        bool const silent = now - known_.last_heard(*each) > longest_silence(*each);
        if (silent && !each->is_hidden() && !detector_.watches(each->who().who().id))
            return detector_.seek(each->who(), now);
        each = members.next(*each);
    }
}

/// A peer has not taken this member over from us, though it was told of it.
void segment::doubt_unshared(member const& who, time_point now)
{
    auto const* entry = known_.members().find(who.who().id);
    if (entry && entry->is_hidden())
        known_.call_gone(entry->who().who(), now); // it was a word of others only
    else
        detector_.doubt(who, share(who.beat_interval(), self_.random.unit()), now);
}

} // namespace rollcast::detail
