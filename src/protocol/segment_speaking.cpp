// SPDX-License-Identifier: BSL-1.0
#include "protocol/beat_pace.hpp"
#include "protocol/segment.hpp"

#include <algorithm>

// What a segment says of itself: hellos and goodbyes, beats, digests, accusations and questions.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// A beat comes up to this share of its interval early, so that beats do not fall in step.
constexpr double beat_jitter = 0.1;

/// In bytes. A question is at least as long as the usual answer to it, and a HELLO as a CONFLICT
/// with a small record, so that no instance can be made to answer with more than was sent. An ACK
/// to a newcomer that is as long lets the newcomer ask twice for what its speaker knows.
constexpr std::size_t question_size = 208;

/// Ends, and records, that a digest carries at most.
constexpr std::size_t ended_per_digest = 4;
constexpr std::size_t changed_per_digest = 12;
/// Every second digest begins with so many members in the order of the ring: where many change all
/// the time the others would have no turn.
constexpr std::size_t first_in_round = 2;

} // namespace

void segment::pad(announcement& value)
{
    auto const size = announce::encoded_size(value);
    if (size + announce::list_overhead < question_size)
        value.padding = question_size - size - announce::list_overhead;
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
        }
        auto const lost = bye ? std::vector<std::byte>() : self_.lost.told(self_.config.own, now);
        value.members = wire_list<member_view>(lost);
        if (announce::encoded_size(value) > announce::max_datagram)
            value.members = {}; // that we are lost on another link is found out later
        if (!bye)
            pad(value);
        // Nobody has answered the first two: the third one goes to all backup ports as well.
        if (due->attempt == introduction::copies)
            voice_.call_everywhere(value);
        else
            voice_.multicast(value);
    }
    for (auto due = accusations_.take_due(now); !due.subjects.empty();
         due = accusations_.take_due(now)) {
        auto value = voice_.speak(due.what);
        std::vector<std::byte> subjects;
        for (auto const& each : due.subjects)
            announce::append(subjects, each);
        value.subjects = wire_list<identity>(subjects);
        // SUSPECT is for members. A listener, which believes GONE, may have the other version
        // alone.
        voice_.multicast(value,
                         due.what == message_type::suspect ? common_versions() : versions::all);
    }
}

/// What is for all members of the link goes by one IP version, if there is one that all of them
/// have.
versions segment::common_versions()
{
    auto const& members = known_.members();
    bool const all_v4 = link_.speaks(true) && members.without(true) == 0;
    bool const all_v6 = link_.speaks(false) && members.without(false) == 0;
    if (all_v4 && (!link_.speaks(false) || all_share_ipv4()))
        return versions::v4;
    if (all_v6)
        return versions::v6;
    return all_v4 && !link_.speaks(false) ? versions::v4 : versions::all;
}

/// Listeners and observers tell nobody which IP versions they have: now and then a digest of one of
/// the members goes by all of them.
versions segment::versions_of_digest(time_point now)
{
    auto const common = common_versions();
    bool const is_due = now - heard_other_version_ >= self_.config.longest_digest_interval;
    if (common == versions::all || !is_due)
        return common;
    heard_other_version_ = now;
    return versions::all;
}

void segment::beat(time_point now)
{
    next_beat_ = now + share(self_.beat_interval(), 1 - beat_jitter * self_.random.unit());
    if (relies_on_) {
        find_each_other(now);
        return;
    }
    auto const chosen = outreach_.choose(voice_.own().position(), link_, self_.beat_interval());
    for (auto const& each : chosen.to_ask)
        ask(each, now);
    for (auto const& each : chosen.relied_upon)
        beat(each, now);
    give_up(chosen.unreached, now);
    find_each_other(now);
    ask_unseen(now);
}

void segment::beat(outreach::watcher const& which, time_point now)
{
    // Where not all hear each other, we may hear no other member that watches this watcher of ours.
    // So we watch it by its answers, unless its own beats tell that it lives.
    bool const counts = which.apart > 1;
    bool const partial = known_.members().aside() != 0 &&
                         (counts || !detector_.awaits_beats_of(which.whom->who().id));
    if (partial)
        detector_.rely_on(which.whom, std::max(which.apart, least_apart) * self_.beat_interval(),
                          now);
    auto const to = seen_.best(*which.whom);
    if (!to || !which.its_turn)
        return;
    if (!voice_.is_proven(*to) || (partial && !counts)) {
        ping(*which.whom, now);
        return;
    }
    auto value = voice_.speak(message_type::beat);
    value.summary = voice_.summary();
    value.cookie = voice_.cookie(*to, now);
    std::vector<std::byte> subjects;
    if (counts)
        announce::append(subjects, self_.config.own);
    if (partial)
        announce::append(subjects, which.whom->who()); // the watcher should answer
    value.subjects = wire_list<identity>(subjects);
    voice_.unicast(*to, value, which.whom.get());
}

/// Both sides of a partition hold the other one gone: one member that is gone is pinged with each
/// beat, so that they meet again.
void segment::find_each_other(time_point now)
{
    if (auto const* lost = known_.dead().any_gone(self_.random))
        ping(*lost->known, now);
}

/// How many ends may be told, so that the next record of the round still fits: otherwise the round
/// would stop at a long record for as long as an instance ends now and then.
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
    auto const own = voice_.own().position();
    bool own_passed = false;
    auto const tell = [&](member const& who, bool proven) {
        bool const again = std::ranges::find(told, who.who().id) != told.end();
        if (!again && !add(who, proven))
            return false;
        news_.heard_up_to(who.position());
        return true;
    };
    // Round the ring, on which this instance stands, too.
    auto const go_round = [&](std::size_t most) {
        auto const begin = news_.cursor();
        auto* each = known.after(begin);
        for (std::size_t i = 0; each && i < std::min(known.size(), most); ++i) {
            bool const passing = !own_passed && own - begin < each->who().position() - begin;
            own_passed = own_passed || passing;
            if ((passing && !tell(voice_.own(), true)) || !tell(each->who(), each->is_proven()))
                break;
            each = known.next(*each);
        }
    };
    if (digests_++ % 2 != 0)
        go_round(first_in_round);
    for (auto const id : news_.changed(now)) {
        auto const* entry = known.find(id);
        bool const again = std::ranges::find(told, id) != told.end();
        if (id == self_.config.own.id && !again)
            add(voice_.own(), true);
        else if (entry && !again)
            add(entry->who(), entry->is_proven());
    }
    go_round(changed_per_digest);
    if (!own_passed && told.size() == known.size())
        tell(voice_.own(), true);
    value.members = wire_list<member_view>(members);
    auto const by = versions_of_digest(now);
    if (known.size() == 0)
        voice_.call_everywhere(value, by); // other instances may be alone on another port
    else
        voice_.multicast(value, by);
}

} // namespace rollcast::detail
