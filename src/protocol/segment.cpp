// SPDX-License-Identifier: BSL-1.0
#include "protocol/segment.hpp"

#include "protocol/ring.hpp"

#include <algorithm>

// What a segment does by itself as time passes. segment_hearing.cpp has what it does when it hears
// something.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double beat_jitter = 0.1;

/// A question is at least as long as the usual answer to it, and a hello as an objection to its id
/// with a small record, so that nobody can be made to answer with more than was sent. An answer
/// that is as long lets a newcomer ask twice for what the other one knows.
constexpr std::size_t question_size = 208;

/// In so many of the longest intervals a listener hears at least as many digests, if it hears
/// multicast at all: at 30 percent loss none of them arrives once in 15,000 times.
constexpr int intervals_without_multicast = 8;

/// Without answers a listener knows others from what is multicast only: a digest brings about
/// twelve records, the next one the next twelve. So many of the longest intervals are one round.
constexpr int silent_round = 3;
constexpr std::size_t records_per_round = 12;
constexpr auto silent_check = seconds(4);

constexpr std::size_t ended_per_digest = 4;
constexpr std::size_t changed_per_digest = 12;

} // namespace

segment::segment(self_state& self, link on, census const& room, time_point now)
    : self_(self),
      link_(std::move(on)),
      known_(self.config.key, self.config.pool, room, now),
      voice_(self, link_, known_),
      introduction_(self.random),
      trickle_({self_.config.shortest_digest_interval, self_.config.longest_digest_interval}),
      detector_(known_, link_, self, ring_position(self.config.own.id, self.config.key)),
      reconciler_(known_, voice_, self),
      probation_(known_),
      heard_anybody_(now),
      heard_multicast_(now)
{
}

void segment::start(time_point now)
{
    start_settled(now);
    introduction_.introduce(now);
}

void segment::start_settled(time_point now)
{
    trickle_.start(now, population(), self_.random);
    next_beat_ = now + share(self_.beat_interval(), self_.random.unit());
    heard_anybody_ = heard_multicast_ = now;
}

void segment::preload(identity const& who, record_view const& told, time_point now)
{
    known_.learn(who, told, {channel::records, true, true}, now);
    known_.members().find(who.id)->vouch(true);
    voice_.note_vouched(announce::member_overhead + told.bytes.size());
}

void segment::listen(time_point now)
{
    introduction_.stop();
    detector_.stop();
    reconciler_.stop();
    next_beat_ = now + silent_check;
    heard_anybody_ = heard_multicast_ = now;
}

void segment::leave(time_point now)
{
    introduction_.leave(now);
    trickle_.stop();
    detector_.stop();
    accusations_.clear();
    reconciler_.stop();
    next_beat_.reset();
}

void segment::last_word()
{
    voice_.multicast(voice_.speak(message_type::bye));
}

void segment::move(link on, time_point now)
{
    link_ = std::move(on);
    detached_.reset();
    voice_.refresh();
    if (self_.may_ask())
        introduction_.introduce(now);
}

void segment::renew(time_point now)
{
    voice_.refresh();
    if (!self_.may_speak())
        return;
    introduction_.announce_change(now);
    news_.note(self_.config.own.id, false, now);
}

void segment::insist(time_point now)
{
    if (self_.may_speak())
        introduction_.announce_change(now);
}

void segment::introduce(time_point now)
{
    introduction_.introduce(now);
    forgive(now);
}

void segment::forgive(time_point now)
{
    detector_.forgive(now);
    heard_anybody_ = heard_multicast_ = now;
}

bool segment::bury_elsewhere(identity const& who, time_point now)
{
    return known_.leave(who, now);
}

void segment::pad(announcement& value)
{
    auto const size = announce::encoded_size(value);
    if (size + announce::list_overhead < question_size)
        value.padding = question_size - size - announce::list_overhead;
}

void segment::spread_news(time_point now)
{
    trickle_.hear_news(now, population(), self_.random);
}

/// Whoever has not spoken since others told of its goodbye has said it.
void segment::believe_farewells(time_point now)
{
    while (auto const due = farewells_.take_due(now)) {
        auto const* entry = known_.members().find(due->who.id);
        bool const silent = entry && entry->who().who().life == due->who.life &&
                            known_.last_heard(*entry) <= due->at;
        if (silent && known_.leave(due->who, now))
            news_.note(due->who.id, true, now);
    }
}

void segment::advance(time_point now)
{
    known_.advance(now);
    believe_farewells(now);
    if (self_.now_doing == self_state::mode::silent) {
        give_up_silent(now);
        return;
    }
    if (self_.now_doing == self_state::mode::observing) {
        advance_observing(now);
        return;
    }
    speak_due(now);
    if (!self_.may_speak())
        return;
    judge(now);
    if (next_beat_ && *next_beat_ <= now)
        beat(now);
    if (trickle_.take_due(now, population(), self_.random))
        digest(now);
    reconciler_.advance(now);
    watch_multicast(now);
}

std::optional<time_point> segment::next_deadline() const
{
    auto next = earlier(known_.next_deadline(), farewells_.next_deadline());
    if (self_.now_doing == self_state::mode::silent) {
        if (known_.members().size() != 0)
            next = earlier(next, next_beat_);
        return next;
    }
    next = earlier(next, introduction_.next_deadline());
    if (!self_.may_ask())
        return next;
    if (self_.now_doing == self_state::mode::observing && known_.members().size() == 0 &&
        !next_beat_)
        next = earlier(next, known_.changed_at()); // the last one has just departed
    next = earlier(next, detector_.next_deadline());
    next = earlier(next, accusations_.next_deadline());
    next = earlier(next, probation_.next_deadline());
    next = earlier(next, next_beat_);
    next = earlier(next, trickle_.next_deadline());
    return earlier(next, reconciler_.next_deadline());
}

void segment::speak_due(time_point now)
{
    while (auto const due = introduction_.take_due(now)) {
        if (self_.now_doing == self_state::mode::observing) {
            if (due->attempt != 0)
                query(due->attempt, now);
            continue;
        }
        bool const bye = due->what == introduction::kind::bye;
        auto value = voice_.speak(bye ? message_type::bye : message_type::hello);
        if (!bye) {
            value.attempt = due->attempt;
            value.record = voice_.own().record();
            pad(value);
        }
        // Nobody has answered where newcomers are expected.
        if (due->attempt == introduction::copies)
            voice_.call_everywhere(value);
        else
            voice_.multicast(value);
    }
    for (auto due = accusations_.take_due(now); !due.subjects.empty();
         due = accusations_.take_due(now)) {
        auto value = voice_.speak(due.gone ? message_type::gone : message_type::suspect);
        std::vector<std::byte> subjects;
        for (auto const& each : due.subjects)
            announce::append(subjects, each);
        value.subjects = wire_list<identity>(subjects);
        voice_.multicast(value, common_versions());
    }
}

/// What concerns everybody on the link goes by one IP version, if there is one all of them have.
versions segment::common_versions() const noexcept
{
    for (bool const v4 : {true, false})
        if (link_.speaks(v4) && known_.members().without(v4) == 0)
            return v4 ? versions::v4 : versions::v6;
    return versions::all;
}

void segment::beat(time_point now)
{
    next_beat_ = now + share(self_.beat_interval(), 1 - beat_jitter * self_.random.unit());
    auto value = voice_.speak(message_type::beat);
    value.summary = voice_.summary();
    for (auto const& next : ring::successors(known_.members(), voice_.own().position(), link_)) {
        auto const* entry = known_.members().find(next->who().id);
        auto const to = next->unicast(link_);
        if (!entry->is_proven() || !to || !voice_.is_proven(*to)) {
            ping(*next, now);
            continue;
        }
        value.cookie = voice_.cookie(*to, now);
        voice_.unicast(*to, value, next.get());
    }
    find_each_other(now);
}

/// Both sides of a partition hold the other gone: somebody has to knock, now and then.
void segment::find_each_other(time_point now)
{
    if (auto const* lost = known_.dead().any_gone(self_.random))
        ping(*lost->known, now);
}

/// How many ends leave room for the longest record, should that be the next one to tell: otherwise
/// the round would stop there for as long as somebody ends now and then.
std::size_t segment::room_for_ended(announcement const& head)
{
    auto const* next = known_.members().after(news_.cursor());
    auto const longest =
        std::max(voice_.own().packed().size(), next ? next->who().packed().size() : 0);
    auto const taken = announce::encoded_size(head) + 2 * announce::list_overhead +
                       announce::member_overhead + longest;
    return std::min(ended_per_digest,
                    (announce::max_datagram - taken) / announce::ended_member_size);
}

void segment::digest(time_point now)
{
    auto value = voice_.speak(message_type::digest);
    value.summary = voice_.summary();
    std::vector<std::byte> ended;
    auto const most_ended = room_for_ended(value);
    for (auto const id : news_.ended(now)) {
        auto const* trace = known_.dead().find(id);
        if (!trace || ended.size() == most_ended * announce::ended_member_size)
            continue;
        auto const age = std::chrono::duration_cast<milliseconds>(now - trace->ended);
        announce::append(ended, ended_member{trace->who, trace->left, age});
    }
    value.ended = wire_list<ended_member>(ended);

    std::vector<std::byte> members;
    std::vector<std::uint64_t> told;
    auto const room =
        announce::max_datagram - announce::encoded_size(value) - announce::list_overhead;
    auto const add = [&](member const& who, bool proven) {
        auto const before = members.size();
        announce::append(members, member_view{who.who(), proven, who.record()});
        bool const fits = members.size() <= room && told.size() < changed_per_digest;
        if (!fits)
            members.resize(before);
        else
            told.push_back(who.who().id);
        return fits;
    };
    auto& known = known_.members();
    for (auto const id : news_.changed(now)) {
        auto const* entry = known.find(id);
        if (id == self_.config.own.id)
            add(voice_.own(), true);
        else if (entry)
            add(entry->who(), entry->is_proven());
    }
    // Round the ring, on which oneself stands, too.
    auto const begin = news_.cursor();
    auto const own = voice_.own().position();
    bool own_passed = false;
    auto const tell = [&](member const& who, bool proven) {
        bool const again = std::ranges::find(told, who.who().id) != told.end();
        if (!again && !add(who, proven))
            return false;
        news_.heard_up_to(who.position());
        return true;
    };
    auto* each = known.after(begin);
    for (std::size_t i = 0; each && i < std::min(known.size(), changed_per_digest); ++i) {
        bool const passing = !own_passed && own - begin < each->who().position() - begin;
        own_passed = own_passed || passing;
        if ((passing && !tell(voice_.own(), true)) || !tell(each->who(), each->is_proven()))
            break;
        each = known.next(*each);
    }
    if (!own_passed && told.size() == known.size())
        tell(voice_.own(), true);
    value.members = wire_list<member_view>(members);
    if (known.size() == 0)
        voice_.call_everywhere(value, common_versions()); // others may be alone on another port
    else
        voice_.multicast(value, common_versions());
}

/// What the silence of others means, and what is to be done about it.
void segment::judge(time_point now)
{
    auto const patience = self_.beat_interval() * 5 / 4 * self_.local_health.factor();
    bool const alone = now - heard_anybody_ >= patience;
    auto const watched = detector_.advance(now);
    for (auto const& each : watched.questions)
        ask(each, now);
    for (auto const& each : watched.findings) {
        auto const who = each.whom->who();
        auto const* entry = known_.members().find(who.id);
        bool const said = entry && entry->is_suspect() && !each.gone;
        bool const news = each.gone ? known_.call_gone(who, now) : known_.suspect(who);
        if (each.gone && news && !alone)
            news_.note(who.id, true, now);
        // Whoever hears nobody is more likely to be cut off than everybody else is to be dead.
        if (!said && news && !alone && !each.hearsay && self_.limits.may_accuse(now))
            accusations_.accuse(who, each.gone, now);
        if (each.gone)
            spread_news(now);
    }
    test_unproven(now);
}

void segment::test_unproven(time_point now)
{
    auto const tested = probation_.advance(now);
    for (auto const& each : tested.to_ping)
        for (int copy = 0; copy < 3; ++copy)
            ping(*each, now);
    for (auto const& each : tested.failed)
        known_.call_gone(each->who(), now);
}

void segment::ask(detector::question const& what, time_point now)
{
    for (int copy = 0; copy < what.copies; ++copy)
        ping(*what.whom, now);
    if (!what.through_others)
        return;
    // Its other watcher, which may have heard it, and anybody else.
    auto& members = known_.members();
    auto const position = what.whom->position();
    std::vector<member_ptr> helpers;
    auto* each = members.after(position);
    for (std::size_t i = 0; each && i < members.size() && helpers.empty(); ++i) {
        if (each->is_proven() && each->who().who().id != what.whom->who().id &&
            can_hear(each->who(), link_))
            helpers.push_back(each->pointer());
        each = members.next(*each);
    }
    if (auto* other = members.after(self_.random.next()))
        if (other->who().who().id != what.whom->who().id && can_hear(other->who(), link_) &&
            (helpers.empty() || helpers.front() != other->pointer()))
            helpers.push_back(other->pointer());
    for (auto const& helper : helpers)
        ping_through(*helper, *what.whom, now);
}

void segment::ping(member const& whom, time_point now)
{
    auto const to = whom.unicast(link_);
    if (!to)
        return;
    auto const brief = ping_to(*to, now);
    auto value = brief;
    if (!value.observer)
        value.summary = voice_.summary();
    pad(value);
    if (!voice_.unicast(*to, value, &whom))
        voice_.unicast(*to, brief, &whom);
}

/// The shortest question there is.
announcement segment::ping_to(endpoint const& where, time_point now) const
{
    auto value = voice_.speak(message_type::ping);
    value.cookie = voice_.cookie(where, now);
    return value;
}

void segment::ask_for_proof(endpoint const& where, time_point now)
{
    if (self_.may_ask())
        voice_.unicast(where, ping_to(where, now));
}

void segment::ping_through(member const& helper, member const& whom, time_point now)
{
    auto const to = helper.unicast(link_);
    if (!to)
        return;
    std::vector<std::byte> subjects;
    announce::append(subjects, whom.who());
    auto value = voice_.speak(message_type::ping);
    value.cookie = voice_.cookie(*to, now);
    value.subjects = wire_list<identity>(subjects);
    pad(value);
    voice_.unicast(*to, value, &helper);
}

/// Others are heard, but nothing they say to everybody.
void segment::watch_multicast(time_point now)
{
    bool const heard = now - heard_anybody_ <= 2 * self_.beat_interval();
    if (multicast_is_lost_ || !heard ||
        now - heard_multicast_ < intervals_without_multicast * self_.config.longest_digest_interval)
        return;
    multicast_is_lost_ = tell_multicast_lost_ = true;
}

/// A listener asks nobody: it believes what others say, and drops who is not mentioned any more.
void segment::give_up_silent(time_point now)
{
    if (next_beat_ && *next_beat_ > now)
        return;
    next_beat_ = now + silent_check;
    auto const rounds = 1 + known_.members().size() / records_per_round;
    auto const round = silent_round * self_.config.longest_digest_interval;
    bool const deserted = now - heard_multicast_ > round;
    std::vector<identity> lost;
    for (auto const& each : known_.members().all())
        if (each && (deserted || now - known_.last_heard(each) > rounds * round))
            lost.push_back(each.who().who());
    for (auto const& who : lost)
        known_.call_gone(who, now);
}

} // namespace rollcast::detail
