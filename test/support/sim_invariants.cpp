// SPDX-License-Identifier: BSL-1.0
#include "support/sim_invariants.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace rollcast::test {
namespace {

using detail::time_point;

/// So long, in detection times, the traces of an ended instance are kept.
constexpr int remembrance = 10;

/// Charts keep times in milliseconds.
constexpr auto clock_tick = std::chrono::milliseconds(1);

/// A cookie is good for two of the periods it changes with.
constexpr std::size_t cookies_kept = 3;

std::uint64_t key_of(std::uint64_t id, life_id const& life)
{
    std::uint64_t half;
    std::memcpy(&half, life.bytes.data(), sizeof half);
    return half ^ id * 0x9e3779b97f4a7c15;
}

/// Questions and verdicts also go to those of whom only others have told.
bool may_be_unasked(message_type type)
{
    return type == message_type::ping || type == message_type::suspect ||
           type == message_type::gone;
}

/// Whether the event says something of the state of whom it is about.
bool is_of_state(event_kind kind)
{
    return kind != event_kind::id_conflict && kind != event_kind::multicast_lost &&
           kind != event_kind::chart_full && kind != event_kind::overflow &&
           kind != event_kind::forgotten && kind != event_kind::unreachable &&
           kind != event_kind::reachable;
}

bool has_ended(instance_state state)
{
    return state == instance_state::gone || state == instance_state::left;
}

std::string seconds_of(time_point when)
{
    auto const since_start = when.time_since_epoch() - std::chrono::hours(24);
    return std::to_string(std::chrono::duration<double>(since_start).count());
}

} // namespace

void sim_invariants::complain(std::size_t who, time_point now, std::string const& what) const
{
    throw std::logic_error("seed " + std::to_string(seed_) + ", " + seconds_of(now) + " s, chart " +
                           std::to_string(who) + ": " + what);
}

void sim_invariants::begin(std::size_t who, std::size_t max_instances,
                           detail::duration detection_time)
{
    charts_.resize(std::max(charts_.size(), who + 1));
    charts_[who] = chart_record{max_instances, detection_time};
}

/// Whether nothing can have been forgotten with a link, nor one link know more than another.
bool sim_invariants::is_settled(std::size_t who, instance const& about, std::size_t links,
                                time_point now) const
{
    auto const& chart = charts_[who];
    auto const longest = std::max<detail::duration>(chart.detection_time, about.detection_time);
    return links == 1 && (!chart.moved || now - *chart.moved > 2 * remembrance * longest);
}

void sim_invariants::account::gets(std::uint64_t cookie)
{
    if (std::ranges::find(cookies, cookie) != cookies.end())
        return;
    if (cookies.size() == cookies_kept)
        cookies.erase(cookies.begin());
    cookies.push_back(cookie);
}

void sim_invariants::has_got(std::size_t who, detail::endpoint const& where, std::uint64_t cookie)
{
    charts_[who].accounts[where].gets(cookie);
}

void sim_invariants::sent(std::size_t who, detail::outgoing const& what,
                          announcement const& meaning, time_point now)
{
    if (!what.to)
        return;
    auto& chart = charts_[who];
    auto& with = chart.accounts[*what.to];
    if (meaning.cookie)
        with.gets(*meaning.cookie);
    if (with.proven)
        return;
    with.answered += may_be_unasked(meaning.type) ? 0 : what.bytes.size();
    chart.given_away += what.bytes.size();
    if (with.answered > with.received)
        complain(who, now,
                 std::to_string(with.answered) + " bytes to an address that sent " +
                     std::to_string(with.received) + " and has proven nothing");
    if (chart.given_away > chart.received)
        complain(who, now,
                 std::to_string(chart.given_away) + " bytes to addresses that have proven " +
                     "nothing, and only " + std::to_string(chart.received) + " were heard");
}

void sim_invariants::heard(std::size_t who, detail::endpoint const& source,
                           announcement const& meaning, std::size_t bytes, bool forged,
                           time_point now)
{
    auto& chart = charts_[who];
    auto& with = chart.accounts[source];
    with.received += bytes;
    chart.received += bytes;
    auto& speaker = chart.lives[key_of(meaning.who.id, meaning.who.life)];
    if (meaning.echo && std::ranges::find(with.cookies, *meaning.echo) != with.cookies.end()) {
        with.proven = true;
        speaker.proven = speaker.id != 0 && !has_ended(speaker.state);
    }
    if (meaning.type != message_type::bye && !forged && !meaning.observer)
        speaker.heard = now;
    speaker.is_accused = speaker.is_accused && has_ended(speaker.state);
    note_accusations(chart, meaning);
}

void sim_invariants::note_accusations(chart_record& chart, announcement const& meaning)
{
    if (meaning.type == message_type::gone)
        for (auto const& each : meaning.subjects)
            chart.lives[key_of(each.id, each.life)].is_accused = true;
    for (auto const& each : meaning.ended)
        chart.lives[key_of(each.who.id, each.who.life)].is_accused = true;
    if (meaning.type == message_type::bye)
        chart.lives[key_of(meaning.who.id, meaning.who.life)].is_accused = true;
}

void sim_invariants::told(std::size_t who, event const& what, std::size_t links, time_point now)
{
    auto& known = charts_[who].lives[key_of(what.who.id, what.who.life)];
    if (what.kind == event_kind::unreachable && known.heard == time_point{})
        known = trace{}; // a rumour, and nobody may be left who knows better
    if (what.kind == event_kind::unreachable || what.kind == event_kind::reachable) {
        known.unreachable = what.kind == event_kind::unreachable;
        known.changed = now;
    }
    if (!is_of_state(what.kind))
        return;
    // The end of one that is not charted is told to nobody.
    bool const may_have_ended = has_ended(known.state) || known.unreachable;
    if (may_have_ended && now - known.changed >= remembrance * known.detection_time)
        known = trace{.heard = known.heard};
    if (known.unreachable && what.kind == event_kind::returned)
        known.proven = false; // it has ended meanwhile, which is told of nobody unreachable
    known.unreachable = false;
    forget_other_lives(who, what.who);
    known.id = what.who.id;
    if (what.kind == event_kind::gone || what.kind == event_kind::left)
        ends(who, known, what, links, now);
    else
        lives_on(who, known, what, links, now);
    known.incarnation = std::max(known.incarnation, what.who.incarnation);
    known.changed = now;
    known.detection_time = what.who.detection_time;
}

/// A chart remembers the last life of an id.
void sim_invariants::forget_other_lives(std::size_t who, instance const& charted)
{
    for (auto& [key, known] : charts_[who].lives)
        if (known.id == charted.id && key != key_of(charted.id, charted.life))
            known = trace{.heard = known.heard};
}

void sim_invariants::lives_on(std::size_t who, trace& known, event const& what, std::size_t links,
                              time_point now) const
{
    auto const name = std::to_string(what.who.id);
    bool const settled = is_settled(who, what.who, links, now);
    if (settled && what.who.incarnation < known.incarnation)
        complain(who, now, "the incarnation of " + name + " has fallen");
    bool const held = has_ended(known.state) || what.kind == event_kind::refuted;
    // A listener that drops somebody for silence tells nobody, so nobody can object.
    bool const told = !charts_[who].silent || known.is_accused;
    bool const may_object = told && !charts_[who].observer;
    if (settled && held && may_object && what.who.incarnation == known.incarnation)
        complain(who, now, name + " is back without an objection");
    known.state =
        what.kind == event_kind::suspect ? instance_state::suspect : instance_state::alive;
}

void sim_invariants::ends(std::size_t who, trace& known, event const& what, std::size_t links,
                          time_point now) const
{
    auto const silence = now - known.heard;
    bool const gone = what.kind == event_kind::gone;
    bool const may_judge = links == 1 && !charts_[who].silent;
    if (gone && known.proven && may_judge && known.heard != time_point{} &&
        silence + clock_tick < what.who.detection_time / 4)
        complain(who, now,
                 std::to_string(what.who.id) + " is called gone, but was heard " +
                     std::to_string(std::chrono::duration<double>(silence).count()) + " s ago");
    known.state = gone ? instance_state::gone : instance_state::left;
    known.proven = false; // should it come back
}

void sim_invariants::forgotten(std::size_t who, std::uint64_t id)
{
    std::erase_if(charts_[who].lives, [&](auto const& each) { return each.second.id == id; });
}

void sim_invariants::weigh(std::size_t who, detail::engine const& chart, time_point now) const
{
    if (chart.size() > charts_[who].max_instances + 1)
        complain(who, now, "it holds " + std::to_string(chart.size()) + " instances");
}

void sim_invariants::moved(std::size_t who, time_point now)
{
    charts_[who].moved = now;
    for (auto& [life, known] : charts_[who].lives) {
        known.heard = {};
        if (charts_[who].links > 1) // the latest may have been said on the one that is gone
            known.incarnation = 0;
    }
}

void sim_invariants::inspect(std::size_t who, detail::engine const& chart, time_point now)
{
    weigh(who, chart, now);
    charts_[who].links = chart.segments().size();
    for (auto const& on : chart.segments()) {
        if (on->known().dead().size() > detail::tombstones::capacity)
            complain(who, now, "it keeps too many tombstones");
        for (auto const& entry : on->known().members().all()) {
            if (!entry)
                continue;
            auto const& life = entry.who().who();
            auto& known = charts_[who].lives[key_of(life.id, life.life)];
            bool const left = known.state == instance_state::left && !charts_[who].observer;
            if (left && life.incarnation <= known.incarnation)
                complain(who, now, std::to_string(life.id) + " is charted after it has left");
            // Of several links one may know more than the others.
            if (entry.is_hidden())
                continue;
            if (chart.segments().size() == 1 && life.incarnation < known.incarnation)
                complain(who, now, "the incarnation of " + std::to_string(life.id) + " has fallen");
            known.id = life.id;
            known.incarnation = std::max(known.incarnation, life.incarnation);
        }
    }
}

} // namespace rollcast::test
