// SPDX-License-Identifier: BSL-1.0
#include "chart/ring.hpp"
#include "chart/segment.hpp"

#include <algorithm>

// What a segment does when it hears something.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// A digest passes on who has just ended to those who missed it; what is older has to be checked.
constexpr auto fresh_end = std::chrono::seconds(3);

// Everybody hears of a difference at once, but not everybody should pull from the same one.
constexpr auto pull_spread = milliseconds(250);
constexpr std::size_t crowd = 50;
constexpr auto longest_spread = std::chrono::seconds(4);

/// Whoever does not answer these in a contest for its id loses it; at 30 percent loss all of them
/// fail once in 60 contests, and whoever lost wrongly wins the next one.
constexpr int contest_pings = 6;

constexpr std::size_t most_relays = 32;

/// A helper that heard the accused so lately need not ask it again.
constexpr double lately = 0.5;

} // namespace

struct segment::context {
    announcement const& heard;
    std::size_t bytes;
    arrival const& from;
    time_point now;
    bool proven; ///< It echoes a cookie of ours.
    demands out{};

    reconciler::peer speaker() const { return {heard.who.id, from.source}; }
};

segment::demands segment::hear(announcement const& heard, std::size_t bytes, arrival const& from,
                               time_point now)
{
    heard_anybody_ = now;
    if (from.multicast) {
        heard_multicast_ = now;
        multicast_is_lost_ = false;
    }
    bool const proven = heard.echo && voice_.is_cookie(*heard.echo, from.source, now);
    context in{heard, bytes, from, now, proven};
    if (heard.type == message_type::bye) {
        hear_bye(in);
        return in.out;
    }
    auto const* trace = known_.dead().find(heard.who.id);
    bool const ended = trace && trace->who.life == heard.who.life &&
                       heard.who.incarnation <= trace->who.incarnation;
    if (!ended) {
        hear_known(in);
        for (auto const& doubted : known_.take_doubted())
            for (int copy = 0; copy < contest_pings; ++copy)
                ping(*doubted, now);
    } else if (!trace->left || now - trace->ended > contests::patience) {
        // Whoever still speaks so long after its goodbye has not said it.
        ++self_.counters.stale;
        tell_verdict(in, trace->who, true);
        // After a partition both hold the other gone, and each has to hear it to object.
        for (auto const& accused : heard.subjects)
            hear_accused(in, accused);
    }
    return in.out;
}

asker segment::who_asks(context const& in) const
{
    auto const* entry = known_.members().find(in.heard.who.id);
    bool const member = entry && entry->is_proven() &&
                        entry->who().who().life == in.heard.who.life &&
                        entry->who().unicast(link_) == in.from.source;
    return {in.from.source, in.bytes, in.proven, member};
}

/// Whether it is we who are accused; then we object.
bool segment::hear_accused(context& in, identity const& accused)
{
    auto const& own = self_.config.own;
    bool const verdict =
        in.heard.type == message_type::suspect || in.heard.type == message_type::gone;
    if (!verdict || accused.id != own.id || accused.life != own.life)
        return false;
    in.out.refute = std::max(in.out.refute.value_or(0), accused.incarnation);
    return true;
}

/// One who is alive, or whom nobody here knows.
void segment::hear_known(context& in)
{
    if (auto* entry = known_.hear(in.heard.who, in.proven, in.now)) {
        auto const& held = entry->who().who();
        if (in.proven)
            known_.members().prove(*entry);
        if (entry->is_suspect() && in.heard.who.incarnation <= held.incarnation)
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
        return;
    }
}

/// What others hold against the speaker, so that it can object.
void segment::tell_verdict(context const& in, identity const& who, bool gone)
{
    auto value = voice_.speak(gone ? message_type::gone : message_type::suspect);
    std::vector<std::byte> subjects;
    announce::append(subjects, who);
    value.subjects = wire_list<identity>(subjects);
    voice_.answer(who_asks(in), value, in.now);
}

/// The same to one who has not spoken just now, but is where it says it is.
void segment::warn(identity const& who, bool gone, time_point now)
{
    auto const* entry = known_.members().find(who.id);
    auto const to = entry && entry->is_proven() ? entry->who().unicast(link_) : std::nullopt;
    if (!to || !self_.limits.may_answer(to->address(), true, now))
        return;
    auto value = voice_.speak(gone ? message_type::gone : message_type::suspect);
    std::vector<std::byte> subjects;
    announce::append(subjects, who);
    value.subjects = wire_list<identity>(subjects);
    voice_.unicast(*to, value);
}

bool segment::has_heard_lately(roster_entry const& entry, double beats, time_point now) const
{
    // A listener takes a mention for a sign of life, and has no better knowledge than others.
    return self_.now_doing != self_state::mode::silent &&
           now - known_.last_heard(entry) < share(entry.who().beat_interval(), beats);
}

registry::verdict segment::learn(context& in, identity const& who, record_view const& told,
                                 registry::source from)
{
    if (who.id == self_.config.own.id) {
        learn_of_ourselves(in, who, told, from.by);
        return registry::verdict::known;
    }
    bool const stranger = from.by != channel::records && !known_.members().find(who.id);
    if (stranger && !from.proven && !self_.limits.may_introduce(in.from.source.address(), in.now)) {
        ++self_.counters.refused;
        known_.turn_away(who, told);
        return registry::verdict::refused;
    }
    auto const result = known_.learn(who, told, from, in.now);
    self_.counters.refused += result == registry::verdict::refused;
    if (result == registry::verdict::stale) {
        ++self_.counters.stale;
        check_incumbent(who, in.now);
    }
    if (result == registry::verdict::applied)
        news_.note(who.id, false, in.now);
    return result;
}

/// Somebody else claims an id, or is said to have it: does the one who has it here still live?
/// Those who watch that id may have the other one charted.
void segment::check_incumbent(identity const& claimant, time_point now)
{
    auto const* entry = known_.members().find(claimant.id);
    if (!entry || entry->who().who().life == claimant.life || !self_.may_speak())
        return;
    auto const limit = 4 * entry->who().beat_interval();
    if (now - known_.last_heard(*entry) >= limit)
        detector_.doubt(entry->who(), share(limit / 4, self_.random.unit()), now);
}

/// What others say of us.
void segment::learn_of_ourselves(context& in, identity const& who, record_view const& told,
                                 channel by)
{
    if (who.life != self_.config.own.life)
        in.out.rival = rival{who, told, by == channel::hello};
    else if (voice_.overrules(who, told))
        in.out.refute = std::max(in.out.refute.value_or(0), who.incarnation);
}

void segment::learn_members(context& in, channel by, bool trusted)
{
    auto const* speaker = known_.members().find(in.heard.who.id);
    bool const believed =
        trusted || self_.now_doing == self_state::mode::silent ||
        (speaker && speaker->is_proven() && speaker->who().who().life == in.heard.who.life);
    for (auto const& each : in.heard.members) {
        bool const itself = each.who == in.heard.who;
        learn(in, each.who, each.record,
              {itself ? channel::direct : by, (each.proven || itself) && trusted, believed});
        if (by != channel::digest)
            continue;
        news_.heard(each.who.id);
        news_.heard_up_to(ring_position(each.who.id, self_.config.key));
        if (self_.now_doing == self_state::mode::silent)
            known_.hear(each.who, false,
                        in.now); // to be mentioned is all a listener learns of life
    }
}

/// Somebody holds this one gone, or has heard its goodbye.
void segment::learn_ended(context& in, ended_member const& told)
{
    auto const& own = self_.config.own;
    if (told.who.id == own.id) {
        if (told.who.life == own.life)
            in.out.refute = std::max(in.out.refute.value_or(0), told.who.incarnation);
        else
            in.out.rival = rival{told.who, std::nullopt, false};
        return;
    }
    auto const* entry = known_.members().find(told.who.id);
    bool const alive = entry && entry->who().who().life == told.who.life &&
                       entry->who().who().incarnation <= told.who.incarnation;
    if (!alive) {
        known_.remember(told, in.now);
    } else if (told.left) {
        if (known_.leave(told.who, in.now))
            news_.note(told.who.id, true, in.now);
    } else if (in.from.multicast && told.age < fresh_end && !has_heard_lately(*entry, 1, in.now)) {
        if (known_.call_gone(told.who, in.now))
            news_.note(told.who.id, true, in.now);
    } else {
        warn(told.who, true, in.now);
        if (self_.may_speak())
            detector_.doubt(entry->who(), {}, in.now);
    }
}

void segment::hear_hello(context& in)
{
    auto const& heard = in.heard;
    if (!in.from.multicast)
        return; // a claim counts only where the one it is made against can hear it
    introduction_.hear_hello(in.now);
    known_.hear_hello(heard.who, in.now);
    auto const result = learn(in, heard.who, *heard.record, {channel::hello, in.proven});
    if (result == registry::verdict::applied) {
        ++self_.counters.applied;
        spread_news(in.now);
        // It has objected, or is another life.
        accusations_.withdraw(heard.who, false);
        accusations_.withdraw(heard.who, true);
    }
    if (heard.attempt != 0 && self_.may_speak() && self_.replies)
        welcome(in);
}

/// The one that follows the newcomer on the ring answers; if that is lost, those behind it do.
void segment::welcome(context& in)
{
    auto const position = ring_position(in.heard.who.id, self_.config.key);
    if (ring::rank(known_.members(), position, voice_.own().position()) >= in.heard.attempt)
        return;
    auto value = voice_.speak(message_type::ack);
    value.summary = voice_.summary();
    value.cookie = voice_.cookie(in.from.source, in.now);
    // A newcomer whose clock was set back learns here that it has lived before.
    std::vector<std::byte> ended;
    auto const* held = known_.members().find(in.heard.who.id);
    auto const* trace = known_.dead().find(in.heard.who.id);
    if (held && held->who().who().life != in.heard.who.life)
        announce::append(ended, ended_member{held->who().who(), false, {}});
    else if (trace && trace->who.life != in.heard.who.life)
        announce::append(ended, ended_member{trace->who, trace->left, {}});
    value.ended = wire_list<ended_member>(ended);
    if (announce::encoded_size(value) > in.bytes)
        value.ended = {};
    voice_.answer(who_asks(in), value, in.now);
}

void segment::hear_bye(context& in)
{
    if (!known_.leave(in.heard.who, in.now))
        return;
    ++self_.counters.applied;
    accusations_.withdraw(in.heard.who, false);
    accusations_.withdraw(in.heard.who, true);
    news_.note(in.heard.who.id, true, in.now);
    spread_news(in.now);
}

void segment::hear_accusation(context& in)
{
    bool const gone = in.heard.type == message_type::gone;
    for (auto const& accused : in.heard.subjects) {
        if (hear_accused(in, accused))
            continue;
        auto const* entry = known_.members().find(accused.id);
        bool const concerns = in.from.multicast && entry &&
                              entry->who().who().life == accused.life &&
                              entry->who().who().incarnation <= accused.incarnation;
        if (!concerns)
            continue;
        accusations_.withdraw(accused, gone);
        if (has_heard_lately(*entry, 1, in.now)) {
            // We know better; it should tell the others itself.
            warn(accused, gone, in.now);
            if (gone)
                continue;
        }
        ++self_.counters.applied;
        if (!gone) {
            known_.suspect(accused);
        } else if (known_.call_gone(accused, in.now)) {
            accusations_.withdraw(accused, false);
            news_.note(accused.id, true, in.now);
            spread_news(in.now);
        }
    }
}

void segment::hear_digest(context& in)
{
    ++self_.counters.applied;
    for (auto const& each : in.heard.ended)
        learn_ended(in, each);
    learn_members(in, channel::digest, false);
    auto const& theirs = *in.heard.summary;
    if (theirs.hash == voice_.summary().hash) {
        trickle_.hear_consistent();
        return;
    }
    if (!reconciler_.is_young(in.now) && !reconciler_.is_agreed(theirs))
        trickle_.hear_difference(in.now, population(), self_.random);
    auto const spread = std::min<duration>(pull_spread * static_cast<int>(1 + population() / crowd),
                                           longest_spread);
    reconciler_.compare(in.speaker(), theirs, std::nullopt, share(spread, self_.random.unit()),
                        in.now);
}

void segment::hear_beat(context& in)
{
    ++self_.counters.applied;
    reconciler_.compare(in.speaker(), *in.heard.summary, in.heard.cookie, {}, in.now);
}

void segment::hear_ping(context& in)
{
    if (!self_.may_speak())
        return;
    ++self_.counters.applied;
    auto value = voice_.speak(message_type::ack);
    value.echo = in.heard.cookie;
    if (in.heard.subjects.empty()) {
        value.cookie = voice_.cookie(in.from.source, in.now);
        value.summary = voice_.summary();
        voice_.answer(who_asks(in), value, in.now);
        if (in.heard.summary)
            reconciler_.compare(in.speaker(), *in.heard.summary, in.heard.cookie, {}, in.now);
        return;
    }
    auto const subject = *in.heard.subjects.begin();
    auto const* entry = known_.members().find(subject.id);
    if (!entry || entry->who().who().life != subject.life)
        return;
    if (has_heard_lately(*entry, lately, in.now)) {
        value.subjects = in.heard.subjects;
        voice_.answer(who_asks(in), value, in.now);
        return;
    }
    std::erase_if(relays_, [&](relay const& each) { return each.until <= in.now; });
    auto const asking = who_asks(in);
    if (relays_.size() >= most_relays ||
        !self_.limits.may_answer(asking.where.address(), asking.member, in.now))
        return;
    relays_.push_back({subject.id, subject.life, in.from.source, in.heard.cookie,
                       in.now + entry->who().beat_interval()});
    ping(entry->who(), in.now);
}

void segment::hear_ack(context& in)
{
    ++self_.counters.applied;
    for (auto const& each : in.heard.ended)
        learn_ended(in, each);
    for (auto const& subject : in.heard.subjects)
        if (auto const* entry = known_.members().find(subject.id); entry && in.proven)
            detector_.vouch(subject, share(entry->who().beat_interval(), lately), in.now);
    std::erase_if(relays_, [&](relay const& each) {
        if (each.subject != in.heard.who.id || each.life != in.heard.who.life)
            return each.until <= in.now;
        auto value = voice_.speak(message_type::ack);
        std::vector<std::byte> subjects;
        announce::append(subjects, in.heard.who);
        value.subjects = wire_list<identity>(subjects);
        value.echo = each.echo;
        voice_.unicast(each.asker, value);
        return true;
    });
    if (!in.heard.summary)
        return;
    bool const welcomed = introduction_.is_asking();
    introduction_.answered();
    reconciler_.compare(in.speaker(), *in.heard.summary, in.heard.cookie, {}, in.now, welcomed);
}

void segment::hear_records(context& in)
{
    if (!in.proven)
        return; // nobody asked for it
    ++self_.counters.applied;
    reconciler_.hear_records(in.heard, in.from, in.now);
    for (auto const& each : in.heard.ended)
        learn_ended(in, each);
    learn_members(in, channel::records, true);
    reconciler_.heard_records(in.heard, in.from, in.now);
    for (auto const& each : reconciler_.take_unshared()) {
        auto const spread = share(each->beat_interval(), self_.random.unit());
        detector_.doubt(*each, spread, in.now);
    }
}

void segment::contradict(asio::ip::udp::endpoint const& where, std::size_t asked, time_point now)
{
    auto value = voice_.speak(message_type::conflict);
    std::vector<std::byte> subjects;
    announce::append(subjects, self_.config.own);
    value.subjects = wire_list<identity>(subjects);
    value.record = voice_.own().record();
    if (announce::encoded_size(value) > asked)
        value.record.reset();
    voice_.answer({where, asked}, value, now);
}

void segment::hear_conflict(context& in)
{
    auto const& own = self_.config.own;
    for (auto const& subject : in.heard.subjects)
        if (subject.id == own.id && subject.life != own.life)
            in.out.rival = rival{subject, in.heard.record};
}

} // namespace rollcast::detail
