// SPDX-License-Identifier: BSL-1.0
#include "protocol/segment.hpp"

#include <algorithm>

// What a segment does by itself as time passes. segment_speaking.cpp has what it says then, and
// segment_hearing.cpp what it does when it hears a datagram.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// In so many of the longest digest intervals at least as many digests are multicast on the link:
/// at 30 percent loss all of them are lost once in 15,000 times.
constexpr int intervals_without_multicast = 8;

/// A listener knows members from what is multicast only: a digest brings up to twelve records, the
/// next one the next twelve. So many of the longest digest intervals are waited for each twelve:
/// with fewer lost digests look like dead members, with more dead members stay longer.
constexpr int silent_round = 3;
constexpr std::size_t records_per_round = 12;
/// How often a listener looks for silent members.
constexpr auto silent_check = seconds(4);

/// In sixteenths of the beat interval: so long a member counts as silent here that is suspected, or
/// gone, on the link that was relied upon. It is gone on both links at the same time, and is asked
/// once more here before it is suspected, or called gone.
constexpr int almost_suspect = 43;
constexpr int almost_gone = 59;

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
      seen_(link_),
      outreach_(known_),
      roll_call_(known_),
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
    known_.hear(who, true, now); // as the member would have been meanwhile
    known_.members().find(who.id)->vouch(true);
    auto const told_once = announce::member_overhead + told.bytes.size();
    voice_.note_vouched(introduction::copies * told_once); // as its HELLOs would have brought
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
    accusations_.clear();
}

void segment::last_word()
{
    voice_.multicast(voice_.speak(message_type::bye));
}

void segment::move(link on, time_point now)
{
    link_ = std::move(on);
    if (std::exchange(detached_, std::nullopt))
        forgive(now); // members were not heard, but that was the interface
    voice_.refresh();
    voice_.forget_ways();
    seen_.forget();
    ipv4_checked_.reset();
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
    heard_anybody_ = heard_multicast_ = forgiven_ = now;
}

void segment::forgive(duration pause, time_point now)
{
    if (pause > self_.beat_interval())
        forgive(now);
    else
        detector_.forgive_within(pause, now);
}

void segment::call_the_roll(duration pause, time_point now)
{
    if (self_.may_ask())
        roll_call_.begin(pause, now);
}

void segment::ask_outdated(time_point now)
{
    for (auto const& each : roll_call_.take_due(self_.beat_interval(), now))
        detector_.doubt(*each, {}, now);
}

bool segment::bury_elsewhere(identity const& who, time_point now)
{
    return known_.leave(who, now);
}

void segment::lose(identity const& who, time_point now)
{
    if (!known_.call_gone(who, now))
        return;
    news_.note(who.id, true, now);
    spread_news(now);
}

void segment::rely_on(std::optional<unsigned> link)
{
    if (relies_on_.has_value() != link.has_value())
        detector_.rest(link.has_value());
    relies_on_ = link;
}

void segment::doubt(member const& who, bool gone, time_point now)
{
    detector_.hurry(who, gone ? almost_gone : almost_suspect, now);
}

void segment::note_sign_of(identity const& who, time_point now)
{
    auto const* entry = known_.members().find(who.id);
    if (entry && !entry->is_suspect())
        known_.hear(who, false, now);
}

void segment::spread_news(time_point now)
{
    trickle_.hear_news(now, population(), self_.random);
}

/// A life that has not spoken since others told of its goodbye has said that goodbye.
void segment::believe_farewells(time_point now)
{
    while (auto const due = farewells_.take_due(now)) {
        auto const* entry = known_.members().find(due->who.id);
        bool const silent = entry && entry->who().who().life == due->who.life &&
                            !known_.is_heard_since(*entry, due->at);
        if (silent && known_.leave(due->who, now))
            news_.note(due->who.id, true, now);
    }
}

void segment::advance(time_point now)
{
    known_.advance(now);
    believe_farewells(now);
    settle_doubts(now);
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
    ask_outdated(now);
    judge(now);
    if (next_beat_ && *next_beat_ <= now)
        beat(now);
    reach_out(now);
    if (trickle_.take_due(now, population(), self_.random))
        digest(now);
    reconciler_.advance(now);
    watch_multicast(now);
}

std::optional<time_point> segment::next_deadline() const
{
    auto next = earlier(known_.next_deadline(), farewells_.next_deadline());
    next = earlier(next, doubts_.next_deadline());
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
        next = earlier(next, known_.changed_at()); // the last member has just gone
    next = earlier(next, roll_call_.next_deadline());
    next = earlier(next, detector_.next_deadline());
    next = earlier(next, accusations_.next_deadline());
    next = earlier(next, probation_.next_deadline());
    next = earlier(next, outreach_.next_deadline());
    next = earlier(next, next_beat_);
    next = earlier(next, trickle_.next_deadline());
    return earlier(earlier(next, next_query()), reconciler_.next_deadline());
}

/// Whether so little is heard that we are more likely to be cut off than all others are to be dead.
bool segment::hears_nobody(time_point now) const
{
    auto const patience = self_.beat_interval() * 5 / 4 * self_.local_health.factor();
    return now - heard_anybody_ >= patience;
}

/// What the silence of others means, and what is to be done about it.
void segment::judge(time_point now)
{
    auto const watched = detector_.advance(now);
    for (auto const& each : watched.questions)
        ask(each, now);
    for (auto const& each : watched.findings) {
        auto const who = each.whom->who();
        if (each.unreached) {
            set_aside(each, now);
            continue;
        }
        auto const* entry = known_.members().find(who.id);
        // Where nobody was heard since, we are more likely to be cut off than this member and all
        // others are to be dead.
        bool const alone = heard_anybody_ <= each.others_asked;
        bool const said = entry && entry->is_suspect() && !each.gone;
        bool const news = each.gone ? known_.call_gone(who, now) : known_.suspect(who);
        if (!each.gone && news) // others may have to settle it, and not be able to
            note_doubt(*entry, now);
        if (each.gone && news && !alone)
            news_.note(who.id, true, now);
        if (!said && news && !alone && !each.hearsay && self_.limits.may_accuse(now)) {
            accusations_.accuse(who, each.gone ? message_type::gone : message_type::suspect, now);
            outreach_.accuse(who);
        }
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

/// Members are heard, but nothing that they multicast. Where not everybody hears everybody they may
/// leave digests for long to members that are not heard here.
void segment::watch_multicast(time_point now)
{
    bool const heard = now - heard_anybody_ <= 2 * self_.beat_interval();
    if (multicast_is_lost_ || !heard || known_.members().aside() != 0 ||
        now - heard_multicast_ < intervals_without_multicast * self_.config.longest_digest_interval)
        return;
    multicast_is_lost_ = tell_multicast_lost_ = true;
}

/// A listener asks nobody: it believes what members say, and drops a member that is not mentioned
/// any more.
void segment::give_up_silent(time_point now)
{
    if (next_beat_ && *next_beat_ > now)
        return;
    next_beat_ = now + silent_check;
    auto const rounds = 1 + known_.members().size() / records_per_round;
    auto const round = silent_round * self_.config.longest_digest_interval;
    bool const deserted = now - heard_multicast_ > round;
    auto const silence = [&](roster_entry const& entry) {
        return now - std::max(known_.last_heard(entry), forgiven_);
    };
    std::vector<identity> lost;
    for (auto const& each : known_.members().all())
        if (each && (deserted || silence(each) > rounds * round))
            lost.push_back(each.who().who());
    for (auto const& who : lost)
        known_.assume_gone(who,
                           now); // it may be we who are deaf, and cannot tell it to object
}

} // namespace rollcast::detail
