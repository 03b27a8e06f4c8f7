// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

// What an engine does where another life claims its id or speaks in its name, or where others say
// that it is no more.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// Rivals remembered as objected to; claims may be forged.
constexpr std::size_t most_answered = 16;

instance stranger_at(identity const& who, endpoint const& source)
{
    instance result;
    result.id = who.id;
    result.life = who.life;
    result.incarnation = who.incarnation;
    result.addresses = {source.address()};
    return result;
}

} // namespace

/// A datagram of this very life: our own word, looped back or from another link, or a forged one
/// that others may believe.
void engine::hear_ourselves(announcement const& heard, segment& where, time_point now)
{
    auto const& past = self_.past;
    auto const index = where.where().index;
    auto const said_on = past.where_said(heard.counter);
    if (said_on && *said_on != index && wires_.hear(index, *said_on, heard.counter, past))
        suspicions_changed_ = true; // the watch may be shared from now on
    bool const forged = heard.record ? where.own_voice().overrules(heard.who, *heard.record)
                                     : heard.who.incarnation > self_.config.own.incarnation;
    if (heard.record && !forged)
        where.catch_up(heard.who, *heard.record, now);
    bool const believed = self_.incarnations.may_be_believed(
        heard.who.incarnation, self_.config.own.incarnation, false, now);
    if (believed && (forged || heard.type == message_type::bye))
        object(heard.who.incarnation, now);
    settle(now);
}

/// Another life of our id speaks itself.
void engine::hear_rival(announcement const& heard, arrival const& from, bool proven, segment& where,
                        time_point now)
{
    ++self_.counters.stale;
    bool const answers = proven && former_.forget(heard.who);
    bool const claims =
        answers || heard.type == message_type::hello || heard.type == message_type::conflict;
    // PING and ACK between two lives of one id are no claims, and nothing to defend the id against.
    if (heard.type == message_type::ping)
        return where.answer_rival(heard, from, proven, now);
    if (heard.type == message_type::ack && !answers)
        return;
    if (claims)
        meet_rival({heard.who, heard.record}, where, from, now);
    else if (heard.type == message_type::bye)
        insist(now); // those who believed the goodbye are free to believe us
    else
        defend(now);
}

void engine::heed(segment::demands const& what, segment& where, arrival const& from, time_point now)
{
    if (what.refute)
        object(*what.refute, now);
    if (!what.rival)
        return;
    if (what.rival->speaks)
        return meet_rival(*what.rival, where, from, now);
    former_.note(what.rival->who);
    hear_of_rival(what.rival->who, now);
}

/// Others hold something against this incarnation, or believe in a higher one: the own one goes one
/// above it. Callers have made sure that the accused one can be believed.
void engine::object(std::uint64_t accused, time_point now)
{
    if (!self_.may_speak() || accused < self_.config.own.incarnation)
        return;
    accused_ = std::max(accused_.value_or(0), accused);
    object_if_due(now);
}

/// Nothing is held against this incarnation, but others have to hear that we are here.
void engine::insist(time_point now)
{
    doubted_ = self_.may_speak();
    object_if_due(now);
}

/// An objection may lead to the cause of the next one; so objections are few, whatever to.
void engine::object_if_due(time_point now)
{
    bool const has_reason = accused_ || doubted_;
    if (!has_reason || !self_.may_speak() || !objections_.take(now))
        return;
    auto& own = self_.config.own.incarnation;
    auto const accused = std::exchange(accused_, std::nullopt);
    doubted_ = false;
    if (accused && *accused >= own)
        own = *accused + 1;
    renew(now);
}

/// Says that this id is ours, but only once in D.
void engine::defend(time_point now)
{
    if (!self_.may_speak() || (defended_ && now - *defended_ < self_.config.detection_time))
        return;
    defended_ = now;
    insist(now);
}

/// Others hold another life of our id: it was we ourselves before a restart, and we must be the
/// later one.
void engine::hear_of_rival(identity const& rival, time_point now)
{
    auto const& own = self_.config.own;
    auto const raised = std::min(rival.incarnation, self_.incarnations.latest(now) - 1) + 1;
    bool const young = now - begun_ <= self_.config.detection_time;
    if (!young || is_older(rival, own) || raised <= own.incarnation || !self_.may_speak())
        return defend(now);
    object(raised - 1, now);
}

/// Another life claims our id: both have to know, and everybody that we live.
void engine::meet_rival(segment::rival const& which, segment& where, arrival const& from,
                        time_point now)
{
    bool const older = is_older(which.who, self_.config.own);
    bool const may_be_ourselves = older && now - begun_ <= contests::patience;
    if (!self_.may_speak())
        return;
    if (may_be_ourselves) {
        ask_again_ = begun_ + contests::patience + milliseconds(1);
        return;
    }
    // A former life cannot answer; its datagrams may be only repeated.
    bool const is_there = !former_.holds(which.who);
    if (!is_there)
        where.ask_for_proof(from.source, now);
    if (is_there &&
        may_tell(event_kind::id_conflict, which.who.id, self_.config.detection_time, now)) {
        auto const known = which.record
                               ? make_member(which.who, *which.record, self_.config.key, nullptr)
                               : nullptr;
        tell(event_kind::id_conflict, known ? gather(which.who.id, known.get(), &where)
                                            : stranger_at(which.who, from.source));
    }
    if (older && !is_new(which.who.life, now))
        return;
    // Everybody decides within the patience of a contest, and for the rival if our hello is late.
    objections_.begin(now);
    insist(now);
    if (!older)
        where.contradict(from.source, now);
}

/// Two lives that object to each other's objections would never end; so the later one objects to
/// each rival once in its detection time.
bool engine::is_new(life_id const& rival, time_point now)
{
    std::erase_if(answered_, [&](auto const& each) {
        return now - each.second >= self_.config.detection_time;
    });
    if (std::ranges::find(answered_, rival, [](auto const& each) { return each.first; }) !=
        answered_.end())
        return false;
    if (answered_.size() >= most_answered)
        answered_.erase(answered_.begin());
    answered_.emplace_back(rival, now);
    return true;
}

} // namespace rollcast::detail
