// SPDX-License-Identifier: BSL-1.0
#include "protocol/beat_pace.hpp"
#include "protocol/ring.hpp"
#include "protocol/segment_context.hpp"

#include <algorithm>

// What a segment does when it hears a datagram. segment_learning.cpp has what it learns of other
// instances from that.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// All members hear a DIGEST that differs at once, but should not all pull from its speaker: each
/// waits at random, up to this time and once more for each `crowd` of members, but no longer than
/// `longest_spread`.
constexpr auto pull_spread = milliseconds(250);
constexpr std::size_t crowd = 50;
constexpr auto longest_spread = std::chrono::seconds(4);

/// A life that answers none of these in a contest for its id loses it. At 30 percent loss each way
/// that happens to a living one once in 57 contests, and it wins the next one.
constexpr int contest_pings = 6;

/// In beat intervals of the accused: a helper that heard it so lately answers at once.
constexpr double lately = 0.5;

/// Nobody depends on what observers find out: they ask a member that many count on so many times
/// less often.
constexpr int spared_by_observers = 2;

} // namespace

bool segment::is_heard(announcement const& heard, std::size_t bytes, arrival const& from,
                       bool proven, time_point now)
{
    voice_.hear(from.source, bytes, proven);
    if (heard.observer)
        return true; // an observer's incarnation means nothing
    if (proven)
        self_.incarnations.prove(heard.who, now);
    if (self_.incarnations.believes(heard.who, now)) {
        self_.incarnations.trust_clock();
        return true;
    }
    ++self_.counters.stale;
    if (!self_.may_ask())
        self_.incarnations.doubt_clock(heard.who.incarnation, self_.config.detection_time, now);
    else if (heard.who.incarnation < horizon::end)
        ask_for_proof(from.source, now);
    return false;
}

segment::demands segment::hear(announcement const& heard, arrival const& from, bool proven,
                               time_point now)
{
    heard_anybody_ = now;
    voice_.asked_at(from.source, from.asked);
    if (from.multicast) {
        heard_multicast_ = now;
        multicast_is_lost_ = false;
    }
    context in{heard, from, now, proven};
    if (heard.summary)
        told_ = heard.summary;
    if (proven)
        reconciler_.hear_proof(heard, from, now);
    if (heard.type == message_type::bye) {
        hear_bye(in);
        return in.out;
    }
    auto const* trace = known_.dead().find(heard.who.id);
    bool const ended = trace && trace->who.life == heard.who.life &&
                       heard.who.incarnation <= trace->who.incarnation;
    bool const observing = self_.now_doing == self_state::mode::observing;
    bool const belated = ended && now - trace->ended > contests::patience;
    if (observing && belated) // an observer cannot tell the speaker to object
        known_.doubt_end(heard.who.id);
    if (!ended || trace->assumed || (observing && belated)) {
        hear_known(in);
        for (auto const& doubted : known_.take_doubted())
            for (int copy = 0; copy < contest_pings; ++copy)
                ping(*doubted, now);
    } else if (!trace->left || now - trace->ended > contests::patience) {
        // A life that still speaks so long after its goodbye has not said it.
        ++self_.counters.stale;
        tell_verdict(in, trace->who, true);
        // After a partition each side holds the other gone, and has to hear that to object.
        for (auto const& accused : heard.subjects)
            hear_accused(in, accused);
    }
    return in.out;
}

bool segment::is_echo(announcement const& heard, arrival const& from, time_point now) const
{
    return heard.echo && voice_.is_cookie(*heard.echo, from.source, now);
}

/// A rival has our id, and is answered all the same: so it can tell us from a recording of a life
/// that has ended.
void segment::answer_rival(announcement const& heard, arrival const& from, bool proven,
                           time_point now)
{
    context in{heard, from, now, proven};
    if (self_.may_speak() && heard.subjects.empty())
        acknowledge(in);
}

asker segment::who_asks(context const& in) const
{
    auto const* entry = known_.members().find(in.heard.who.id);
    bool const member = entry && entry->is_proven() &&
                        entry->who().who().life == in.heard.who.life &&
                        seen_.hears_at(entry->who(), in.from.source);
    return {in.from.source, in.proven, member && !in.heard.observer, in.heard.observer};
}

/// The speaker is held alive, or is unknown, or its end is only assumed.
void segment::hear_known(context& in)
{
    if (auto* entry = known_.hear(in.heard.who, in.proven, in.now)) {
        auto const& held = entry->who().who();
        if (in.proven)
            known_.members().prove(*entry);
        note_source(in, *entry);
        bool const objects = in.heard.who.incarnation > held.incarnation;
        if (entry->is_suspect() && !objects && self_.now_doing == self_state::mode::observing)
            known_.absolve(held);
        else if (entry->is_suspect() && !objects)
            tell_verdict(in, held, false);
    }
    switch (in.heard.type) {
    case message_type::hello:
        return hear_hello(in);
    case message_type::suspect:
    case message_type::gone:
        return hear_accusation(in);
    case message_type::digest:
        return hear_digest(in);
    case message_type::beat:
        return hear_beat(in);
    case message_type::ping:
        return hear_ping(in);
    case message_type::ack:
        return hear_ack(in);
    case message_type::pull:
        return reconciler_.hear_pull(in.heard, who_asks(in), in.now);
    case message_type::records:
        return hear_records(in);
    case message_type::conflict:
        return hear_conflict(in);
    case message_type::bye:
    case message_type::query:
        return;
    }
}

void segment::hear_hello(context& in)
{
    auto const& heard = in.heard;
    if (!in.from.multicast)
        return; // a claim counts only where the incumbent can hear it
    introduction_.hear_hello(in.now);
    known_.hear_hello(heard.who, in.now);
    auto const* held = known_.members().find(heard.who.id);
    auto const* trace = known_.dead().find(heard.who.id);
    if (held && held->who().who().life != heard.who.life)
        in.former = ended_member{held->who().who(), false, {}};
    else if (trace && trace->who.life != heard.who.life)
        in.former = ended_member{trace->who, trace->left, {}};
    auto const result = learn(in, heard.who, *heard.record, {channel::hello, in.proven});
    if (result == registry::verdict::applied) {
        ++self_.counters.applied;
        spread_news(in.now);
        take_back(heard.who, in.now);
    }
    if (heard.attempt != 0 && self_.may_speak() && self_.replies)
        welcome(in);
}

/// The member that follows the newcomer on the ring answers; later attempts, when that was lost,
/// are answered by those behind it as well.
void segment::welcome(context& in)
{
    auto const position = ring_position(in.heard.who.id, self_.config.key);
    if (ring::rank(known_.members(), position, voice_.own().position()) >= in.heard.attempt)
        return;
    auto value = voice_.speak(message_type::ack);
    value.summary = voice_.summary();
    value.cookie = voice_.cookie(in.from.source, in.now);
    // The newcomer learns of its earlier life: it goes above that one if its clock was set back,
    // and knows that a stranger may repeat what that life has said.
    std::vector<std::byte> ended;
    if (in.former && !in.heard.observer)
        announce::append(ended, *in.former);
    value.ended = wire_list<ended_member>(ended);
    if (!voice_.affords(in.from.source, value))
        value.ended = {};
    auto padded = value;
    pad(padded);
    if (voice_.affords(in.from.source, padded))
        value = padded;
    voice_.answer(who_asks(in), value, in.now);
}

void segment::hear_bye(context& in)
{
    if (!known_.leave(in.heard.who, in.now))
        return;
    ++self_.counters.applied;
    accusations_.withdraw(in.heard.who);
    news_.note(in.heard.who.id, true, in.now);
    spread_news(in.now);
}

/// All members hear what a stranger multicasts, and none knows whether the stranger is there: only
/// the member that follows it on the ring finds out, so that a forged datagram has one answer and
/// not hundreds.
bool segment::may_ask_speaker(context const& in)
{
    // An observer, which is on no ring, has no member that finds out for it.
    if (self_.observes || who_asks(in).member || voice_.is_proven(in.from.source))
        return true;
    auto const position = ring_position(in.heard.who.id, self_.config.key);
    return ring::rank(known_.members(), position, voice_.own().position()) == 0;
}

void segment::hear_digest(context& in)
{
    ++self_.counters.applied;
    for (auto const& each : in.heard.ended)
        learn_ended(in, each);
    learn_members(in, channel::digest, false);
    auto const& theirs = *in.heard.summary;
    auto const common = common_versions();
    bool const by_other = in.from.multicast && common != versions::all &&
                          in.from.source.address().is_v4() != (common == versions::v4);
    if (by_other)
        heard_other_version_ = in.now;
    if (theirs.hash == voice_.summary().hash) {
        if (!by_other) // its copy by the version that all have was counted
            trickle_.hear_consistent(in.heard.who.id);
        return;
    }
    if (!reconciler_.is_young(in.now) && !reconciler_.is_agreed(theirs.hash))
        trickle_.hear_difference(in.now, population(), self_.random);
    if (!may_ask_speaker(in))
        return;
    auto const spread = std::min<duration>(pull_spread * static_cast<int>(1 + population() / crowd),
                                           longest_spread);
    reconciler_.compare(speaker(in), theirs, std::nullopt, share(spread, self_.random.unit()),
                        in.now);
}

void segment::hear_beat(context& in)
{
    ++self_.counters.applied;
    auto const* entry = known_.members().find(in.heard.who.id);
    bool const counts_on_us =
        std::ranges::find(in.heard.subjects, in.heard.who) != in.heard.subjects.end();
    if (counts_on_us && entry && entry->who().who() == in.heard.who) {
        if (entry->is_proven())
            detector_.adopt(entry->pointer(), in.now);
        else
            ping(entry->who(), in.now); // no other member may hear the speaker
    }
    bool const asks_us = std::ranges::find(in.heard.subjects, self_.config.own.life,
                                           &identity::life) != in.heard.subjects.end();
    if (asks_us && self_.may_speak())
        acknowledge(in);
    reconciler_.compare(speaker(in), *in.heard.summary, in.heard.cookie, {}, in.now);
}

void segment::hear_ping(context& in)
{
    if (!self_.may_speak())
        return;
    ++self_.counters.applied;
    if (in.from.multicast)
        return hear_call(in);
    if (in.heard.subjects.empty()) {
        acknowledge(in);
        if (in.heard.summary)
            reconciler_.compare(speaker(in), *in.heard.summary, in.heard.cookie, {}, in.now);
        return;
    }
    auto value = voice_.speak(message_type::ack);
    value.echo = in.heard.cookie;
    auto const subject = *in.heard.subjects.begin();
    auto const* entry = known_.members().find(subject.id);
    if (!entry || entry->who().who().life != subject.life)
        return;
    if (has_heard_lately(*entry, lately, in.now)) {
        value.subjects = in.heard.subjects;
        voice_.answer(who_asks(in), value, in.now);
        return;
    }
    auto const asking = who_asks(in);
    if (!relays_.has_room(in.now) ||
        !self_.limits.may_answer(asking.where.address(), asking.member, in.now))
        return;
    relays_.add({subject.id, subject.life, in.from.source, in.heard.cookie,
                 in.now + entry->who().beat_interval()});
    ping(entry->who(), in.now);
    if (entry->answers()) // an asker that never heard the subject will not accuse it
        note_doubt(*entry, in.now);
}

/// A call is for an instance that has never answered its watcher, and may hear multicast only: it
/// is answered by a HELLO to everybody, too.
void segment::hear_call(context const& in)
{
    bool const called = std::ranges::find(in.heard.subjects, self_.config.own.life,
                                          &identity::life) != in.heard.subjects.end();
    if (called && self_.limits.may_heed_call(in.now))
        insist(in.now);
}

/// Answers that we are here. Where postage is short the answer is the echo alone, which is no
/// longer than the question.
void segment::acknowledge(context& in)
{
    auto value = voice_.speak(message_type::ack);
    value.echo = in.heard.cookie;
    auto const brief = value;
    value.cookie = voice_.cookie(in.from.source, in.now);
    value.summary = voice_.summary();
    if (auto const counting = detector_.counting(); counting > ring::watchers)
        value.counting = static_cast<std::uint16_t>(std::min<std::size_t>(counting, 0xffff));
    voice_.answer(who_asks(in), voice_.affords(in.from.source, value) ? value : brief, in.now);
}

/// The speaker has told how many count on it; it may be the only member that hears them all.
void segment::hear_counting(context const& in)
{
    outreach_.counting_on(in.heard.who, in.heard.counting);
    auto const* entry = known_.members().find(in.heard.who.id);
    bool const asks_only = self_.observes && detector_.watches(in.heard.who.id);
    if (asks_only && entry && in.heard.counting > ring::watchers)
        detector_.rely_on(entry->pointer(),
                          spared_by_observers *
                              spacing_of_beats(in.heard.counting, self_.beat_interval()),
                          in.now);
}

void segment::hear_ack(context& in)
{
    ++self_.counters.applied;
    if (in.proven && in.heard.summary) // a full ACK; a brief one tells no number
        hear_counting(in);
    for (auto const& each : in.heard.ended)
        learn_ended(in, each);
    for (auto const& subject : in.heard.subjects)
        if (auto const* entry = known_.members().find(subject.id); entry && in.proven)
            detector_.vouch(subject, share(entry->who().beat_interval(), lately), in.now);
    for (auto const& each : relays_.take(in.heard.who, in.now)) {
        auto value = voice_.speak(message_type::ack);
        std::vector<std::byte> subjects;
        announce::append(subjects, in.heard.who);
        value.subjects = wire_list<identity>(subjects);
        value.echo = each.echo;
        voice_.unicast(each.asker, value);
    }
    if (!in.heard.summary)
        return;
    bool const welcomed = introduction_.is_asking();
    introduction_.answered();
    reconciler_.compare(speaker(in), *in.heard.summary, in.heard.cookie, {}, in.now, welcomed);
}

void segment::hear_records(context& in)
{
    if (!in.proven)
        return; // no echo of our cookie, so they were not asked for
    ++self_.counters.applied;
    reconciler_.hear_records(in.heard, in.from, in.now);
    for (auto const& each : in.heard.ended)
        learn_ended(in, each);
    learn_members(in, channel::records, true);
    reconciler_.heard_records(in.heard, in.from, in.now);
    for (auto const& each : reconciler_.take_unshared())
        doubt_unshared(*each, in.now);
}

void segment::contradict(endpoint const& where, time_point now)
{
    auto value = voice_.speak(message_type::conflict);
    std::vector<std::byte> subjects;
    announce::append(subjects, self_.config.own);
    value.subjects = wire_list<identity>(subjects);
    value.record = voice_.own().record();
    if (!voice_.affords(where, value))
        value.record.reset();
    voice_.answer({where}, value, now);
}

void segment::hear_conflict(context& in)
{
    auto const& own = self_.config.own;
    for (auto const& subject : in.heard.subjects)
        if (self_.is_ours(subject.id) && subject.life != own.life)
            in.out.rival = rival{subject, in.heard.record};
}

} // namespace rollcast::detail
