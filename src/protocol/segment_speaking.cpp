// SPDX-License-Identifier: BSL-1.0
#include "protocol/ring.hpp"
#include "protocol/segment.hpp"

#include <algorithm>

// What a segment says of itself: hellos and goodbyes, beats, digests, accusations and questions.

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

constexpr double beat_jitter = 0.1;

/// A question is at least as long as the usual answer to it, and a hello as an objection to its id
/// with a small record, so that nobody can be made to answer with more than was sent.
constexpr std::size_t question_size = 176;

constexpr std::size_t ended_per_digest = 4;
constexpr std::size_t changed_per_digest = 12;

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
            value.members = {}; // it is found out, if later
        if (!bye)
            pad(value);
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

void segment::beat(time_point now)
{
    next_beat_ = now + share(self_.beat_interval(), 1 - beat_jitter * self_.random.unit());
    if (relies_on_) {
        find_each_other(now);
        return;
    }
    auto value = voice_.speak(message_type::beat);
    value.summary = voice_.summary();
    for (auto const& next : ring::successors(known_.members(), voice_.own().position(), link_)) {
        auto const* entry = known_.members().find(next->who().id);
        if (!entry->is_proven()) {
            ping(*next, now);
            continue;
        }
        if (auto const to = seen_.best(*next)) {
            value.cookie = voice_.cookie(*to, now);
            voice_.unicast(*to, value);
        }
    }
    find_each_other(now);
    ask_unseen(now);
}

/// Both sides of a partition hold the other gone: somebody has to knock, now and then.
void segment::find_each_other(time_point now)
{
    if (auto const* lost = known_.dead().any_gone(self_.random))
        ping(*lost->known, now);
}

void segment::digest(time_point now)
{
    auto value = voice_.speak(message_type::digest);
    value.summary = voice_.summary();
    std::vector<std::byte> ended;
    for (auto const id : news_.ended(now)) {
        auto const* trace = known_.dead().find(id);
        if (!trace || ended.size() == ended_per_digest * announce::ended_member_size)
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
    if (auto const to = seen_.ask(whom, now))
        ping_at(*to, now);
}

void segment::ping_at(endpoint const& where, time_point now)
{
    auto value = voice_.speak(message_type::ping);
    value.cookie = voice_.cookie(where, now);
    if (!value.observer)
        value.summary = voice_.summary();
    pad(value);
    voice_.unicast(where, value);
}

void segment::ping_through(member const& helper, member const& whom, time_point now)
{
    auto const to = seen_.best(helper);
    if (!to)
        return;
    std::vector<std::byte> subjects;
    announce::append(subjects, whom.who());
    auto value = voice_.speak(message_type::ping);
    value.cookie = voice_.cookie(*to, now);
    value.subjects = wire_list<identity>(subjects);
    pad(value);
    voice_.unicast(*to, value);
}

} // namespace rollcast::detail
