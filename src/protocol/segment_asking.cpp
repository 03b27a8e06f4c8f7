// SPDX-License-Identifier: BSL-1.0
#include "protocol/segment.hpp"

#include <algorithm>

// Which members a segment asks whether they are there, through which others, and what it makes of
// no answer.

namespace rollcast::detail {
namespace {

/// Members looked at, from a random one on, for one that can help to ask another.
constexpr std::size_t most_helpers_tried = 32;

} // namespace

void segment::reach_out(time_point now)
{
    look_for_silent(now);
    auto const due = outreach_.advance(self_.beat_interval(), now);
    for (auto const& each : due.to_ask)
        ask(each, now);
    give_up(due.unreached, now);
}

void segment::ask(outreach::question const& what, time_point now)
{
    int unasked = 0;
    for (int copy = 0; copy < what.copies; ++copy)
        unasked += ping(*what.whom, now) ? 0 : 1;
    if (unasked != 0)
        outreach_.could_not_ask(what, unasked);
}

/// These members do not answer, so they are set aside. But one that used to be heard may be dead,
/// and if the detector is judging it already, that comes first: then it has to be called gone.
void segment::give_up(std::vector<member_ptr> const& unreached, time_point now)
{
    if (hears_nobody(now) && known_.members().aside() == 0)
        return; // we may be cut off, and the detector finds out
    for (auto const& each : unreached) {
        auto const& who = each->who();
        auto const* entry = known_.members().find(who.id);
        bool const is_judged =
            entry && entry->is_heard() && (entry->is_suspect() || detector_.watches(who.id));
        if (!is_judged)
            set_aside(who, now);
    }
}

void segment::set_aside(identity const& who, time_point now)
{
    if (!known_.set_aside(who))
        return;
    outreach_.retry(who, self_.beat_interval(), now);
    accusations_.withdraw(who);
}

/// A member that is set aside stays charted while it is heard by multicast.
void segment::set_aside(detector::finding const& what, time_point now)
{
    set_aside(what.whom->who(), now);
    if (what.unheard)
        known_.miss(what.whom->who());
}

/// A member that has objected to our accusation is heard by others and not by us, unless it answers
/// now.
void segment::take_back(identity const& who, time_point now)
{
    auto const* entry = known_.members().find(who.id);
    if (!outreach_.take_accused(who) || !entry || entry->who().who().life != who.life)
        return;
    auto const whom = entry->pointer();
    set_aside(who, now);
    for (int copy = 0; copy < 3; ++copy)
        ping(*whom, now);
}

void segment::ask(detector::question const& what, time_point now)
{
    for (int copy = 0; copy < what.copies; ++copy)
        ping(*what.whom, now);
    if (what.called && self_.limits.may_accuse(now))
        accusations_.accuse(what.whom->who(), message_type::ping, now);
    if (!what.through_others)
        return;
    for (auto const& helper : helpers_for(*what.whom))
        ping_through(*helper, *what.whom, now);
}

/// The helpers to ask for a silent member: the member that follows it, which watches it, too, and
/// one at random. Where not everybody hears everybody, only members that are heard here can help.
std::vector<member_ptr> segment::helpers_for(member const& whom)
{
    auto& members = known_.members();
    auto const may_help = [&](roster_entry const& each) {
        bool const heard = members.aside() == 0 || (each.is_heard() && !each.is_aside());
        return heard && each.who().who().id != whom.who().id && can_hear(each.who(), link_);
    };
    std::vector<member_ptr> helpers;
    auto* each = members.after(whom.position());
    for (std::size_t i = 0; each && i < members.size() && helpers.empty(); ++i) {
        if (each->is_proven() && may_help(*each))
            helpers.push_back(each->pointer());
        each = members.next(*each);
    }
    auto* other = members.after(self_.random.next());
    for (std::size_t i = 0; other && i < most_helpers_tried && !may_help(*other); ++i)
        other = members.next(*other);
    if (other && may_help(*other) && (helpers.empty() || helpers.front() != other->pointer()))
        helpers.push_back(other->pointer());
    return helpers;
}

bool segment::ping(member const& whom, time_point now)
{
    return std::ranges::any_of(seen_.in_turn(whom, now),
                               [&](endpoint const& where) { return ping_at(where, whom, now); });
}

bool segment::ping_at(endpoint const& where, member const& whom, time_point now)
{
    auto value = ping_to(where, now);
    // An address that has proven nothing costs postage: several short PINGs find out more than a
    // long one.
    if (voice_.is_proven(where)) {
        if (!value.observer)
            value.summary = voice_.summary();
        pad(value);
    }
    bool const affordable = voice_.unicast(where, value, &whom);
    if (affordable)
        seen_.asked(whom, where, now);
    return affordable;
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
    auto const to = seen_.best(helper);
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

} // namespace rollcast::detail
