// SPDX-License-Identifier: BSL-1.0
#include "chart/table.hpp"

#include <algorithm>
#include <tuple>

namespace rollcast::detail {
namespace {

// Silence is counted in 32nds of the detection time. From the 16th on each brings a question, and
// the 31st ends the instance, which leaves one for the way the last sign of life took. At 30
// percent loss each way half of the questions are answered, so that all 15 fail once in 24,000
// silences.
constexpr int all_steps = 32;
constexpr int first_question = 16;
constexpr int last_step = 31;

/// How long the traces of an ended instance are kept, in its detection times, so that late
/// datagrams do not bring it back.
constexpr int remembrance = 10;

/// Of whom nothing else is known: traces of strangers are kept for the shortest time.
constexpr auto shortest_beat = std::chrono::milliseconds(250);

constexpr auto full_interval = std::chrono::seconds(60);

/// Whether the record is not older than what is known of the same life.
bool is_current(entry const& known, announcement const& heard) noexcept
{
    return std::tuple(heard.who.incarnation, heard.record->sequence) >=
           std::tuple(known.who.incarnation, known.known.sequence);
}

/// Of two lives of one id the later one counts; equal clocks are settled in any way all agree on.
bool is_older(identity const& a, identity const& b) noexcept
{
    return std::tie(a.incarnation, a.life) < std::tie(b.incarnation, b.life);
}

record without_addresses(record value)
{
    value.addresses.clear();
    return value;
}

} // namespace

presence* entry::on(unsigned link) noexcept
{
    auto const found = std::ranges::find(presences, link, &presence::link);
    return found == presences.end() ? nullptr : &*found;
}

table::verdict table::hear(announcement const& heard, arrival const& from, time_point now)
{
    auto* known = find(heard.who.id);
    if (!known)
        return add(heard, from, now);
    if (known->who.life == heard.who.life)
        return refresh(*known, heard, from, now);
    if (is_older(heard.who, known->who)) {
        if (known->state == instance_state::alive)
            return contradict(*known, heard, from, now);
        if (now - known->ended <= restart_grace)
            return verdict::ignored; // still under way from before the life that has just ended
    }
    if (known->state != instance_state::alive && alive_ >= max_instances_)
        return refuse(heard, from, now);
    begin(*known, heard, from,
          known->state == instance_state::left ? event_kind::found : event_kind::restarted, now);
    return verdict::applied;
}

table::verdict table::add(announcement const& heard, arrival const& from, time_point now)
{
    if (alive_ >= max_instances_)
        return refuse(heard, from, now);
    auto& fresh = entries_[heard.who.id];
    fresh.state = instance_state::left; // counted as alive by begin
    begin(fresh, heard, from, event_kind::found, now);
    return verdict::applied;
}

void table::begin(entry& known, announcement const& heard, arrival const& from, event_kind kind,
                  time_point now)
{
    alive_ += known.state != instance_state::alive;
    tombstones_.erase({known.ended, heard.who.id});
    auto const alarm = known.alarm;
    known = entry();
    known.alarm = alarm;
    known.who = heard.who;
    known.known = without_addresses(*heard.record);
    known.first_heard = known.last_heard = known.life_began = now;
    update_presence(known, *heard.record, from, now);
    schedule(known);
    tell(kind, known);
}

table::verdict table::refresh(entry& known, announcement const& heard, arrival const& from,
                              time_point now)
{
    if (known.state == instance_state::left)
        return verdict::ignored; // late datagrams of an instance that said goodbye
    bool const returned = known.state == instance_state::gone;
    if (returned && alive_ >= max_instances_)
        return refuse(heard, from, now);
    known.last_heard = now;
    known.probes = 0;
    if (returned) {
        known.state = instance_state::alive;
        known.presences.clear();
        tombstones_.erase({known.ended, known.who.id});
        ++alive_;
    }
    bool const current = is_current(known, heard);
    bool changed = false;
    if (returned && !current)
        update_presence(known, *heard.record, from, now); // better an old address than none
    if (current) {
        auto latest = without_addresses(*heard.record);
        changed =
            latest.data != known.known.data || latest.service_ports != known.known.service_ports;
        known.known = std::move(latest);
        known.who = heard.who;
        changed = update_presence(known, *heard.record, from, now) || changed;
    }
    changed = expire_presences(known, now) || changed;
    schedule(known);
    if (returned || changed)
        tell(returned ? event_kind::returned : event_kind::updated, known);
    return current ? verdict::applied : verdict::stale;
}

table::verdict table::contradict(entry& known, announcement const& heard, arrival const& from,
                                 time_point now)
{
    bool const settled = now - known.life_began > restart_grace;
    bool const told =
        known.conflict_told != time_point{} && now - known.conflict_told < known.detection_time();
    if (settled && !told) {
        known.conflict_told = now;
        tell(event_kind::id_conflict, describe(heard, from));
    }
    return verdict::stale;
}

table::verdict table::refuse(announcement const& heard, arrival const& from, time_point now)
{
    if (!full_told_ || now - *full_told_ >= full_interval) {
        full_told_ = now;
        tell(event_kind::chart_full, describe(heard, from));
    }
    return verdict::refused;
}

table::verdict table::hear_bye(identity const& who, time_point now)
{
    auto* known = find(who.id);
    if (!known)
        return remember_bye(who, now);
    if (known->who.life != who.life || known->state != instance_state::alive)
        return verdict::ignored;
    end(*known, instance_state::left, event_kind::left, now);
    return verdict::applied;
}

/// An answer of the leaving instance may still be under way, on another socket.
table::verdict table::remember_bye(identity const& who, time_point now)
{
    auto& stranger = entries_[who.id];
    stranger.who = who;
    stranger.known.beat_interval = shortest_beat;
    bury(stranger, instance_state::left, now);
    return verdict::ignored;
}

void table::end(entry& known, instance_state state, event_kind kind, time_point now)
{
    --alive_;
    known.state = state;
    tell(kind, known);
    bury(known, state, now);
}

/// Keeps a trace of an ended instance, and at most `max_instances` of them.
void table::bury(entry& known, instance_state state, time_point now)
{
    known.state = state;
    known.ended = now;
    schedule(known);
    tombstones_.emplace(now, known.who.id);
    if (tombstones_.size() > max_instances_)
        erase(*find(tombstones_.begin()->second));
}

void table::erase(entry& known)
{
    auto const id = known.who.id;
    alive_ -= known.state == instance_state::alive;
    alarms_.erase({known.alarm, id});
    tombstones_.erase({known.ended, id});
    entries_.erase(id);
}

/// Whether the addresses of the instance changed.
bool table::update_presence(entry& known, record const& heard, arrival const& from, time_point now)
{
    auto* here = known.on(from.link);
    bool const fresh = here == nullptr;
    if (fresh)
        here = &known.presences.emplace_back();
    auto addresses = heard.addresses;
    if (!is_loopback(from.link, links_)) // a stranger's loopback address would lead to ourselves
        std::erase_if(addresses, [](auto const& each) { return each.is_loopback(); });
    bool const changed = fresh || here->addresses != addresses;
    here->link = from.link;
    here->addresses = std::move(addresses);
    here->unicast = from.source;
    here->heard = now;
    return changed;
}

/// An instance that is still heard, but no longer here, cannot be reached here.
bool table::expire_presences(entry& known, time_point now)
{
    return std::erase_if(known.presences, [&](presence const& each) {
               return now - each.heard >= known.detection_time();
           }) > 0;
}

std::vector<std::uint64_t> table::advance(time_point now)
{
    std::vector<std::uint64_t> silent;
    while (!alarms_.empty() && alarms_.begin()->first <= now) {
        auto const id = alarms_.begin()->second;
        alarms_.erase(alarms_.begin());
        auto& known = *find(id);
        known.alarm = time_point::max();
        if (deadline(known) > now)
            schedule(known); // it was heard since the alarm was set
        else if (known.state != instance_state::alive)
            erase(known);
        else if (was_overlooked(known, now))
            forgive(known, now);
        else if (advance(known, now))
            silent.push_back(id);
    }
    return silent;
}

/// Whether the instance should be asked for a sign of life.
bool table::advance(entry& known, time_point now)
{
    auto const steps =
        static_cast<int>((now - known.last_heard) * all_steps / known.detection_time());
    if (steps >= last_step) {
        end(known, instance_state::gone, event_kind::gone, now);
        return false;
    }
    if (expire_presences(known, now))
        tell(event_kind::updated, known);
    // A late call makes up for the questions it missed with one.
    known.probes = std::max(steps - first_question, known.probes) + 1;
    schedule(known);
    return true;
}

/// After a pause of our own the silence of others means nothing.
bool table::was_overlooked(entry const& known, time_point now) const noexcept
{
    return now - deadline(known) > known.known.beat_interval;
}

void table::forgive(entry& known, time_point now)
{
    known.last_heard = now;
    known.probes = 0;
    for (auto& each : known.presences)
        each.heard = now;
    schedule(known);
}

std::optional<time_point> table::next_deadline() const
{
    return alarms_.empty() ? std::nullopt : std::optional(alarms_.begin()->first);
}

time_point table::deadline(entry const& known) const noexcept
{
    if (known.state != instance_state::alive)
        return known.ended + remembrance * known.detection_time();
    auto const step = std::min(first_question + known.probes, last_step);
    return known.last_heard + known.detection_time() * step / all_steps;
}

/// Alarms are only ever moved forward: one that turns out too early is set anew when it goes off,
/// which is cheaper than moving it with every sign of life.
void table::schedule(entry& known)
{
    auto const when = deadline(known);
    if (when >= known.alarm)
        return;
    alarms_.erase({known.alarm, known.who.id});
    known.alarm = when;
    alarms_.emplace(when, known.who.id);
}

void table::set_links(std::vector<link> links)
{
    links_ = std::move(links);
    for (auto& [id, known] : entries_) {
        auto const vanished = std::erase_if(known.presences, [&](presence const& each) {
            return std::ranges::find(links_, each.link, &link::index) == links_.end();
        });
        if (vanished > 0 && known.state == instance_state::alive)
            tell(event_kind::updated, known);
    }
}

bool table::forget(std::uint64_t id)
{
    auto* known = find(id);
    if (known)
        erase(*known);
    return known != nullptr;
}

entry* table::find(std::uint64_t id)
{
    auto const found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
}

std::vector<instance> table::snapshot() const
{
    std::vector<instance> all;
    all.reserve(alive_);
    for (auto const& [id, known] : entries_)
        if (known.state == instance_state::alive)
            all.push_back(describe(known));
    return all;
}

std::optional<instance> table::describe(std::uint64_t id) const
{
    auto const found = entries_.find(id);
    if (found == entries_.end() || found->second.state != instance_state::alive)
        return std::nullopt;
    return describe(found->second);
}

instance table::describe(entry const& who) const
{
    instance result;
    result.id = who.who.id;
    result.life = who.who.life;
    result.incarnation = who.who.incarnation;
    result.sequence = who.known.sequence;
    result.state = who.state;
    result.detection_time = 4 * who.known.beat_interval;
    result.service_ports = who.known.service_ports;
    result.addresses = best_first(who.presences, links_);
    result.data = who.known.data;
    result.first_heard = who.first_heard;
    result.last_heard = who.last_heard;
    return result;
}

instance table::describe(announcement const& heard, arrival const& from) const
{
    entry stranger;
    stranger.who = heard.who;
    stranger.known = *heard.record;
    stranger.presences.push_back({from.link, heard.record->addresses, from.source, {}, 0});
    return describe(stranger);
}

void table::tell(event_kind kind, entry const& who)
{
    tell(kind, describe(who));
}

void table::tell(event_kind kind, instance who)
{
    events_.push_back({kind, std::move(who), alive_ + 1});
}

std::vector<event> table::take_events()
{
    return std::exchange(events_, {});
}

} // namespace rollcast::detail
