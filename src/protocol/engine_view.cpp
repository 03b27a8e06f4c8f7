// SPDX-License-Identifier: BSL-1.0
#include "protocol/engine.hpp"

#include "announce/codec.hpp"
#include "protocol/presence.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

// What all links of an engine together amount to: to the application an instance is one, on
// however many links it is known.

namespace rollcast::detail {
namespace {

/// Between two `chart_full`, which strangers can provoke.
constexpr auto full_interval = std::chrono::seconds(60);
/// Events told seldom of which the time is remembered; the ids may be forged.
constexpr std::size_t most_told = 256;

bool is_later(member const& one, member const& other)
{
    return std::pair(one.who().incarnation, one.sequence()) >
           std::pair(other.who().incarnation, other.sequence());
}

/// Whether applications see no difference but for the addresses: they know nothing of the ports
/// that instances speak to each other by.
bool offer_the_same(member const& one, member const& other)
{
    auto const offer = [](member const& each) {
        auto value = announce::unpack(each.record());
        value.sequence = 0;
        value.discovery_port = value.unicast_port_v4 = value.unicast_port_v6 = 0;
        value.addresses.clear();
        return value;
    };
    return &one == &other || offer(one) == offer(other);
}

} // namespace

bool engine::is_held_elsewhere(segment const& where, std::uint64_t id) const noexcept
{
    return std::ranges::any_of(segments_, [&](auto const& each) {
        if (each.get() == &where)
            return false;
        auto const* entry = each->known().members().find(id);
        return entry && !entry->is_hidden();
    });
}

/// Whether a suspicion, or its end, is none to the application, since another link does not suspect
/// this life.
bool engine::is_old_news(segment const& where, change const& what) const
{
    bool const is_suspicion = what.kind == event_kind::suspect || what.kind == event_kind::refuted;
    auto const trusts = [&](auto const& each) {
        auto const* entry = each->known().members().find(what.who->who().id);
        return each.get() != &where && entry && !entry->is_hidden() && !entry->is_suspect() &&
               entry->who().who().life == what.who->who().life;
    };
    return is_suspicion && std::ranges::any_of(segments_, trusts);
}

/// Whether the instance is charted as it was before this change. A forged record may say something
/// else with the same sequence, or take it back, and then the order of the links decides what is
/// charted. The addresses of each link count, whichever has the latest record.
bool engine::changes_nothing(segment const& where, change const& what) const
{
    return same_addresses(announce::unpack(what.before->record()).addresses,
                          announce::unpack(what.who->record()).addresses) &&
           offer_the_same(latest(where, *what.before), latest(where, *what.who));
}

/// The latest record that any link has of this life, where this link has `on_this_link` of it.
member const& engine::latest(segment const& where, member const& on_this_link) const
{
    return *latest(where, on_this_link.who(), &on_this_link);
}

/// The same where this link may have none of it.
member const* engine::latest(segment const& where, identity const& who,
                             member const* on_this_link) const
{
    member const* best = nullptr;
    for (auto const& each : segments_) {
        auto const* entry = each->known().members().find(who.id);
        bool const same_life = entry && !entry->is_hidden() && entry->who().who().life == who.life;
        auto const* const one = each.get() == &where ? on_this_link
                                : same_life          ? &entry->who()
                                                     : nullptr;
        if (one && (!best || is_later(*one, *best)))
            best = one;
    }
    return best;
}

/// Whether this link has, or had, an address of the instance that the other links do not have.
bool engine::is_reached_otherwise(segment const& where, change const& what) const
{
    auto const& who = what.who->who();
    std::vector<presence> presences;
    for (auto const& each : segments_) {
        auto const* entry = each->known().members().find(who.id);
        bool const counts = entry && each.get() != &where && !each->detached() &&
                            entry->who().who().life == who.life;
        if (counts)
            presences.push_back({&each->where(), each->seen().known(entry->who())});
    }
    auto const elsewhere = best_first(presences).size();
    if (!where.detached())
        presences.push_back({&where.where(), where.seen().known(*what.who)});
    return best_first(presences).size() != elsewhere;
}

/// Whether the instance offers something else with the record that this link has, or had, of it
/// than without that record.
bool engine::offers_otherwise(segment const& where, change const& what) const
{
    auto const* without = latest(where, what.who->who(), nullptr);
    return !without || !offer_the_same(latest(where, *what.who), *without);
}

/// A goodbye is said on one link and meant for all: the next link that knows the instance passes it
/// on, and the last one tells. Whether the instance was charted on any other link.
bool engine::pass_goodbye_on(segment const& where, identity const& who, time_point now)
{
    bool known = false;
    for (auto const& each : segments_) {
        if (each.get() == &where)
            continue;
        auto const* entry = each->known().members().find(who.id);
        bool const charted = entry && !entry->is_hidden();
        known = (each->bury_elsewhere(who, now) && charted) || known;
        publish_changes(*each, now);
    }
    return known;
}

/// What an event tells of an instance.
instance engine::describe_for_event(std::uint64_t id, member const* told, segment const* by) const
{
    if (!self_.config.terse_events)
        return gather(id, told, by);
    instance terse;
    terse.id = id;
    return terse;
}

/// Whether this life was called gone on another link, such as the same interface before it was made
/// anew.
bool engine::was_gone_elsewhere(segment const& where, identity const& who) const noexcept
{
    return std::ranges::any_of(segments_, [&](auto const& each) {
        auto const* trace = each->known().dead().find(who.id);
        return each.get() != &where && trace && !trace->left && trace->who.life == who.life;
    });
}

/// To be called after every change of a link, so that `publish` finds the other links as they were.
void engine::publish_changes(segment& where, time_point now)
{
    suspicions_changed_ = suspicions_changed_ || where.known().has_changes();
    if (where.known().has_changes())
        for (auto const& what : where.known().take_changes())
            publish(where, what, now);
}

/// Tells what happened on one link, as all links together show it.
void engine::publish(segment& where, change const& what, time_point now)
{
    auto const& who = what.who->who();
    bool const elsewhere = is_held_elsewhere(where, who.id);
    if (what.member == membership::begun && !elsewhere)
        ++others_;
    else if (what.member == membership::ended && !elsewhere)
        --others_;
    auto kind = what.kind;
    if (kind == event_kind::updated && changes_nothing(where, what))
        return;
    bool const seldom = kind == event_kind::id_conflict;
    bool const not_charted = kind == event_kind::chart_full || seldom;
    if (elsewhere && !not_charted)
        note_disagreement(where, what);
    if (kind == event_kind::left && pass_goodbye_on(where, who, now) && elsewhere)
        return;
    if (settle_claim(who.id)) {
        tell(event_kind::restarted, describe_for_event(who.id, nullptr, nullptr));
        if (!not_charted)
            return;
    }
    if (elsewhere && !not_charted) {
        auto const charted = charted_life(who.id);
        bool const moved = charted != who.life && what.before && charted == what.before->who().life;
        if (moved) // another life has taken its place on this link
            tell(event_kind::updated, describe_for_event(who.id, nullptr, nullptr));
        if (charted != who.life || is_old_news(where, what))
            return;
        // The instance comes or goes on one link of several: only its addresses have changed.
        bool const comes_or_goes = kind == event_kind::found || kind == event_kind::gone ||
                                   kind == event_kind::left || kind == event_kind::returned ||
                                   kind == event_kind::unreachable || kind == event_kind::reachable;
        if (comes_or_goes && !is_reached_otherwise(where, what) && !offers_otherwise(where, what))
            return;
        if (comes_or_goes || kind == event_kind::restarted)
            kind = event_kind::updated;
    }
    if (kind == event_kind::found && was_gone_elsewhere(where, who))
        kind = event_kind::returned;
    if (kind == event_kind::chart_full && !may_tell(kind, 0, full_interval, now))
        return;
    if (seldom && !may_tell(kind, who.id, what.who->detection_time(), now))
        return;
    bool const ended = what.member == membership::ended && !elsewhere;
    // One datagram may bring an instance and end it.
    bool const past = ended || (!elsewhere && !not_charted && !where.known().charts(who));
    auto described =
        describe_for_event(who.id, not_charted || past ? what.who.get() : nullptr, &where);
    if (past) {
        described.first_heard = ended ? what.first_heard : now;
        described.last_heard = ended ? what.last_heard : now;
    }
    if (kind == event_kind::gone)
        described.state = instance_state::gone;
    else if (kind == event_kind::left)
        described.state = instance_state::left;
    tell(kind, std::move(described));
}

bool engine::may_tell(event_kind kind, std::uint64_t id, duration interval, time_point now)
{
    auto const key = std::pair(kind, id);
    auto const found = told_.find(key);
    if (found != told_.end() && now - found->second < interval)
        return false;
    if (told_.size() >= most_told)
        told_.erase(
            std::ranges::min_element(told_, {}, [](auto const& each) { return each.second; }));
    told_[key] = now;
    return true;
}

void engine::tell(event_kind kind, instance who)
{
    if (kind == event_kind::updated) {
        // What one call has changed of an instance on several links is one event.
        auto const end = events_.rend() - static_cast<std::ptrdiff_t>(told_before_);
        auto const last = std::find_if(events_.rbegin(), end,
                                       [&](event const& each) { return each.who.id == who.id; });
        auto const told = last == end ? event_kind::suspect : last->kind;
        if (told == kind || told == event_kind::found || told == event_kind::returned ||
            told == event_kind::restarted) {
            last->who = std::move(who);
            return;
        }
    }
    events_.push_back({kind, std::move(who), size(), 0, self_.local_health.factor()});
}

/// One instance as all links together know it; or as `told` has it, known by one link, if it is not
/// charted.
instance engine::gather(std::uint64_t id, member const* told, segment const* by) const
{
    instance result;
    std::vector<presence> presences;
    member const* best = told;
    bool suspect = true;
    bool charted = false;
    time_point first_heard{};
    time_point last_heard{};
    auto const counts = told || segments_.size() == 1 ? std::nullopt : charted_life(id);
    for (auto const& each : segments_) {
        auto const* entry = told ? nullptr : each->known().members().find(id);
        if (!entry || entry->is_hidden() || (counts && entry->who().who().life != *counts))
            continue;
        auto const& who = entry->who();
        if (!best || is_later(who, *best))
            best = &who;
        auto const heard_first = each->known().epoch() + entry->first_heard();
        first_heard = charted ? std::min(first_heard, heard_first) : heard_first;
        last_heard = std::max(last_heard, each->known().last_heard(*entry));
        suspect = suspect && entry->is_suspect();
        charted = true;
        if (!each->detached())
            presences.push_back({&each->where(), each->seen().known(who)});
    }
    result.id = id;
    if (!best)
        return result;
    auto value = announce::unpack(best->record());
    if (told && by)
        presences.push_back({&by->where(), by->seen().known(*told)});
    result.life = best->who().life;
    result.incarnation = best->who().incarnation;
    result.sequence = value.sequence;
    result.state = charted && suspect ? instance_state::suspect : instance_state::alive;
    result.detection_time = 4 * value.beat_interval;
    auto const unnamed = value.service_ports.size() - value.port_names.size();
    for (std::size_t i = 0; i < value.port_names.size(); ++i)
        result.services.push_back(
            {std::move(value.port_names[i]), value.service_ports[unnamed + i]});
    result.service_ports = std::move(value.service_ports);
    result.addresses = best_first(presences);
    result.data = std::move(value.data);
    result.first_heard = first_heard;
    result.last_heard = last_heard;
    return result;
}

std::vector<instance> engine::snapshot() const
{
    std::set<std::uint64_t> ids;
    for (auto const& each : segments_)
        for (auto const& entry : each->known().members().all())
            if (entry && !entry.is_hidden())
                ids.insert(entry.who().who().id);
    std::vector<instance> all;
    all.reserve(ids.size());
    for (auto const id : ids)
        all.push_back(gather(id, nullptr, nullptr));
    return all;
}

address_book::page engine::best_addresses(address_book::port const& which)
{
    // Each part only grows while the links stay the same, and their version outweighs the rest.
    auto version = links_version_ << 48;
    for (auto const& each : segments_)
        version += each->known().members().version() + each->seen().version();
    return addresses_.look_up(which, version, [&] {
        std::vector<best_address> all;
        for (auto const& each : snapshot()) {
            auto const port = std::visit([&](auto const& key) { return each.port(key); }, which);
            if (port && !each.addresses.empty())
                all.push_back({each.id, each.addresses.front(), *port});
        }
        return all;
    });
}

std::optional<instance> engine::describe(std::uint64_t id) const
{
    bool const known = std::ranges::any_of(segments_, [&](auto const& each) {
        auto const* entry = each->known().members().find(id);
        return entry && !entry->is_hidden();
    });
    return known ? std::optional(gather(id, nullptr, nullptr)) : std::nullopt;
}

bool engine::forget(std::uint64_t id)
{
    auto const known = describe(id);
    for (auto const& each : segments_)
        each->known().forget(id);
    contested_.erase(id);
    if (!known)
        return false;
    --others_;
    tell(event_kind::forgotten, *known);
    return true;
}

} // namespace rollcast::detail
