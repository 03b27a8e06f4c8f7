// SPDX-License-Identifier: BSL-1.0
#include "chart/engine.hpp"

#include "chart/presence.hpp"

#include <rollcast/announce/codec.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

constexpr auto full_interval = std::chrono::seconds(60);
constexpr std::size_t most_told = 256;

/// An own incarnation never runs further ahead of the clock than this, whatever others claim.
constexpr auto furthest_ahead = std::chrono::hours(24);

/// An interface that is gone is remembered for so many detection times.
constexpr int detached_remembrance = 10;

/// Shorter than a contest, so that each claim is met; but a rival that never stops must not make
/// us speak all the time.
constexpr auto defence_interval = registry::contest_time / 2;

} // namespace

engine::engine(engine_config config)
    : self_(std::move(config)), first_incarnation_(self_.config.own.incarnation)
{
}

void engine::start(time_point now)
{
    self_.now_doing = self_state::mode::announcing;
    begun_ = now;
    for (auto const& each : segments_)
        each->start(now);
    advance(now);
}

void engine::start_settled(time_point now)
{
    self_.now_doing = self_state::mode::announcing;
    begun_ = now;
    for (auto const& each : segments_)
        each->start_settled(now);
    settle(now);
}

void engine::listen_only(time_point now)
{
    self_.now_doing = self_state::mode::silent;
    begun_ = now;
    for (auto const& each : segments_)
        each->listen(now);
    settle(now);
}

void engine::leave(time_point now)
{
    if (self_.now_doing != self_state::mode::announcing)
        return;
    self_.now_doing = self_state::mode::leaving;
    for (auto const& each : segments_)
        if (!each->detached())
            each->leave(now);
    advance(now);
}

bool engine::is_leaving() const noexcept
{
    return self_.now_doing == self_state::mode::leaving &&
           std::ranges::any_of(
               segments_, [](auto const& each) { return each->is_leaving() && !each->detached(); });
}

std::vector<outgoing> engine::last_words()
{
    bool const unheard = self_.now_doing != self_state::mode::announcing && !is_leaving();
    if (unheard)
        return {};
    for (auto const& each : segments_)
        each->last_word();
    return take_outgoing();
}

segment* engine::find_segment(unsigned link_index) const noexcept
{
    for (auto const& each : segments_)
        if (each->where().index == link_index)
            return each.get();
    return nullptr;
}

void engine::set_links(std::vector<link> links, time_point now)
{
    auto const wanted = [&](segment const& each) {
        return std::ranges::find(links, each.where().index, &link::index) != links.end();
    };
    bool changed = false;
    for (auto const& each : segments_) {
        if (wanted(*each) || each->detached())
            continue;
        changed = true;
        each->detach(now);
        for (auto const& entry : each->known().members().all())
            if (entry)
                tell(event_kind::updated, gather(entry.who().who().id, nullptr, nullptr));
    }
    for (auto& each : links) {
        auto* const known = find_segment(each.index);
        if (known && known->where() == each && !known->detached())
            continue;
        changed = true;
        if (known) {
            ++self_.sequence;
            known->move(std::move(each), now);
        } else {
            open_segment(std::move(each), now);
        }
    }
    if (!changed)
        return;
    ++links_version_;
    settle(now);
}

void engine::open_segment(link on, time_point now)
{
    auto& fresh =
        *segments_.emplace_back(std::make_unique<segment>(self_, std::move(on), *this, now));
    if (self_.may_speak())
        fresh.start(now);
    else if (self_.now_doing == self_state::mode::silent)
        fresh.listen(now);
}

/// Whose interface has been away for the own detection time; it may still come back, and is then
/// met by those who were there.
void engine::close_segments(time_point now)
{
    auto const away = [&](auto const& each) {
        return each->detached() ? now - *each->detached() : duration::min();
    };
    for (auto const& each : segments_) {
        if (away(each) < self_.config.detection_time || each->known().members().size() == 0)
            continue;
        std::vector<identity> lost;
        for (auto const& entry : each->known().members().all())
            if (entry)
                lost.push_back(entry.who().who());
        for (auto const& who : lost)
            each->known().call_gone(who, now);
        for (auto const& what : each->known().take_changes())
            publish(*each, what, now);
    }
    auto const closed = std::erase_if(segments_, [&](auto const& each) {
        return away(each) >= detached_remembrance * self_.config.detection_time;
    });
    links_version_ += closed;
}

error_code engine::update(std::span<std::byte const> data, time_point now)
{
    if (data.size() > announce::max_data_size(self_.config.service_ports.size()))
        return error::data_too_large;
    if (std::ranges::equal(data, self_.config.data))
        return {};
    self_.config.data.assign(data.begin(), data.end());
    ++self_.sequence;
    renew(now);
    settle(now);
    return {};
}

void engine::renew(time_point now)
{
    for (auto const& each : segments_)
        if (!each->detached())
            each->renew(now);
}

void engine::receive(std::span<std::byte const> datagram, arrival const& from, time_point now)
{
    auto const heard = announce::decode(datagram, self_.config.key);
    if (heard)
        return hear(*heard, datagram.size(), from, now);
    ++self_.counters.received;
    count(heard.error());
}

void engine::count(error_code const& why) noexcept
{
    if (why == error::foreign)
        ++self_.counters.foreign;
    else if (why == error::unsupported_version)
        ++self_.counters.unsupported;
    else if (why == error::corrupted)
        ++self_.counters.corrupted;
    else
        ++self_.counters.malformed;
}

void engine::hear(announcement const& heard, std::size_t bytes, arrival const& from, time_point now)
{
    if (heard.who.life == self_.config.own.life)
        return; // our own, looped back
    ++self_.counters.received;
    auto* const where = find_segment(from.link);
    if (!where || where->detached())
        return;
    note_lateness(now);
    if (heard.who.id == self_.config.own.id)
        hear_rival(heard, bytes, from, *where, now);
    else
        heed(where->hear(heard, bytes, from, now), *where, from, bytes, now);
    settle(now);
}

/// Another life of our id speaks itself.
void engine::hear_rival(announcement const& heard, std::size_t bytes, arrival const& from,
                        segment& where, time_point now)
{
    ++self_.counters.stale;
    segment::demands what;
    what.rival = heard.who;
    what.rival_record = heard.record;
    what.rival_speaks = heard.type == message_type::hello || heard.type == message_type::conflict;
    if (what.rival_speaks)
        meet_rival(what, where, from, bytes, now);
    else if (heard.type == message_type::bye)
        renew(now); // those who believed it are free to believe us
    else
        defend(self_.config.detection_time, now);
}

/// Says who has this id, but not all the time.
void engine::defend(duration interval, time_point now)
{
    if (!self_.may_speak() || (defended_ && now - *defended_ < interval))
        return;
    defended_ = now;
    renew(now);
}

void engine::heed(segment::demands const& what, segment& where, arrival const& from,
                  std::size_t bytes, time_point now)
{
    if (what.refute)
        object(*what.refute, now);
    if (what.rival)
        meet_rival(what, where, from, bytes, now);
}

/// The reports of our death are exaggerated.
void engine::object(std::uint64_t accused, time_point now)
{
    auto& own = self_.config.own.incarnation;
    if (!self_.may_speak() || accused < own)
        return;
    own = std::min(accused + 1, std::max(own + 1, latest_incarnation(now)));
    renew(now);
}

/// The clock as it would be if it had only run since we began, and the furthest ahead of it.
std::uint64_t engine::latest_incarnation(time_point now) const noexcept
{
    auto const passed = std::chrono::duration_cast<milliseconds>(now - begun_ + furthest_ahead);
    return first_incarnation_ + static_cast<std::uint64_t>(passed.count());
}

/// Another life has our id. If it speaks, both have to know; if others only remember it, it was we
/// ourselves before a restart, and we must be the later one.
void engine::meet_rival(segment::demands const& what, segment& where, arrival const& from,
                        std::size_t bytes, time_point now)
{
    auto& own = self_.config.own;
    bool const older = is_older(*what.rival, own);
    bool const echo = older && now - begun_ <= registry::contest_time;
    if (!self_.may_speak() || (echo && what.rival_speaks))
        return;
    if (!what.rival_speaks) {
        auto const raised = std::min(what.rival->incarnation + 1, latest_incarnation(now));
        bool const young = now - begun_ <= self_.config.detection_time;
        if (young && !older && raised > own.incarnation) {
            own.incarnation = raised;
            renew(now);
        } else {
            defend(self_.config.detection_time, now);
        }
        return;
    }
    if (what.rival_record &&
        may_tell(event_kind::id_conflict, own.id, self_.config.detection_time, now)) {
        auto const rival = make_member(*what.rival, *what.rival_record, self_.config.key, nullptr);
        tell(event_kind::id_conflict, gather(own.id, rival.get(), &where));
    } else if (!what.rival_record &&
               may_tell(event_kind::id_conflict, own.id, self_.config.detection_time, now)) {
        instance rival;
        rival.addresses = {from.source.address()};
        rival.id = what.rival->id;
        rival.life = what.rival->life;
        rival.incarnation = what.rival->incarnation;
        tell(event_kind::id_conflict, std::move(rival));
    }
    if (older)
        return;
    defend(defence_interval, now);
    where.contradict(from.source, bytes, now);
}

bool engine::has_room(std::uint64_t id, bool proven) const
{
    std::size_t unproven = 0;
    for (auto const& each : segments_) {
        if (each->known().members().find(id))
            return true;
        unproven += each->known().members().unproven();
    }
    return others_ < self_.config.max_instances && (proven || unproven < self_.most_unproven());
}

/// Late timers show that this instance, and not everybody else, is slow.
void engine::note_lateness(time_point now)
{
    auto const h = self_.beat_interval();
    if (now <= expected_)
        return;
    auto const late = now - expected_;
    expected_ = time_point::max();
    if (late > h / 4 && self_.may_speak())
        self_.local_health.worsen(now, self_.config.detection_time);
    if (late > 40 * h && self_.may_speak()) {
        for (auto const& each : segments_)
            each->introduce(now);
    } else if (late > h) {
        for (auto const& each : segments_)
            each->forgive(now);
    }
}

void engine::advance(time_point now)
{
    note_lateness(now);
    self_.local_health.advance(now, self_.config.detection_time);
    close_segments(now);
    for (auto const& each : segments_)
        if (!each->detached())
            each->advance(now);
    settle(now);
}

/// Passes on what has changed, and notes when to be called again.
void engine::settle(time_point now)
{
    for (auto const& each : segments_) {
        if (each->known().has_changes())
            for (auto const& what : each->known().take_changes())
                publish(*each, what, now);
        if (each->take_multicast_lost()) {
            instance own;
            own.id = self_.config.own.id;
            own.life = self_.config.own.life;
            own.incarnation = self_.config.own.incarnation;
            tell(event_kind::multicast_lost, std::move(own));
        }
    }
    expected_ = std::max(now, next_deadline().value_or(time_point::max()));
}

time_point engine::close_time(segment const& which) const noexcept
{
    auto const times = which.known().members().size() == 0 ? detached_remembrance : 1;
    return *which.detached() + times * self_.config.detection_time;
}

std::optional<time_point> engine::next_deadline() const
{
    std::optional<time_point> next;
    if (self_.now_doing == self_state::mode::idle)
        return next;
    for (auto const& each : segments_)
        next = earlier(next, each->detached() ? close_time(*each) : each->next_deadline());
    return next;
}

bool engine::is_held_elsewhere(segment const& where, std::uint64_t id) const noexcept
{
    if (segments_.size() == 1)
        return false;
    return std::ranges::any_of(segments_, [&](auto const& each) {
        return each.get() != &where && each->known().members().find(id);
    });
}

/// Whether another link has brought the same before.
bool engine::is_old_news(segment const& where, change const& what) const
{
    for (auto const& each : segments_) {
        auto const* entry = each->known().members().find(what.who->who().id);
        if (each.get() == &where || !entry)
            continue;
        auto const& known = entry->who();
        if (known.who().life != what.who->who().life)
            continue;
        switch (what.kind) {
        case event_kind::restarted:
        case event_kind::found:
            return what.kind == event_kind::restarted;
        case event_kind::suspect:
        case event_kind::refuted:
            return !entry->is_suspect();
        case event_kind::updated: {
            auto const now_known = announce::unpack(what.who->record());
            auto const was_known = announce::unpack(what.before->record());
            return known.sequence() >= what.who->sequence() &&
                   now_known.addresses == was_known.addresses;
        }
        default:
            return false;
        }
    }
    return false;
}

/// It was called gone on another link, such as the same interface before it was made anew.
bool engine::was_gone_elsewhere(segment const& where, identity const& who) const noexcept
{
    return std::ranges::any_of(segments_, [&](auto const& each) {
        auto const* trace = each->known().dead().find(who.id);
        return each.get() != &where && trace && !trace->left && trace->who.life == who.life;
    });
}

/// What happened on one link, as it looks from above.
void engine::publish(segment& where, change const& what, time_point now)
{
    auto const& who = what.who->who();
    bool const elsewhere = is_held_elsewhere(where, who.id);
    if (what.joined > 0 && !elsewhere)
        ++others_;
    else if (what.joined < 0 && !elsewhere)
        --others_;
    auto kind = what.kind;
    if (kind == event_kind::left && elsewhere) {
        // Said on one link, meant for all; the last of them tells.
        for (auto const& each : segments_)
            if (each.get() != &where)
                each->bury_elsewhere(who, now);
        for (auto const& each : segments_)
            for (auto const& other : each->known().take_changes())
                publish(*each, other, now);
        return;
    }
    if (elsewhere && is_old_news(where, what))
        return;
    bool const joined_or_lost =
        kind == event_kind::found || kind == event_kind::gone || kind == event_kind::returned;
    if (elsewhere && joined_or_lost)
        kind = event_kind::updated;
    if (kind == event_kind::found && was_gone_elsewhere(where, who))
        kind = event_kind::returned;
    if (kind == event_kind::chart_full && !may_tell(kind, 0, full_interval, now))
        return;
    bool const seldom = kind == event_kind::id_conflict;
    if (seldom && !may_tell(kind, who.id, 4 * what.who->beat_interval(), now))
        return;
    if (self_.config.terse_events) {
        instance terse;
        terse.id = who.id;
        tell(kind, std::move(terse));
        return;
    }
    bool const not_charted = kind == event_kind::chart_full || seldom;
    auto described =
        gather(who.id, not_charted || what.joined < 0 ? what.who.get() : nullptr, &where);
    if (kind == event_kind::gone)
        described.state = instance_state::gone;
    else if (kind == event_kind::left)
        described.state = instance_state::left;
    tell(kind, std::move(described));
}

bool engine::may_tell(event_kind kind, std::uint64_t id, duration interval, time_point now)
{
    std::erase_if(told_, [&](auto const& each) { return now - each.second >= full_interval * 60; });
    auto const key = std::pair(kind, id);
    auto const found = told_.find(key);
    if (found != told_.end() && now - found->second < interval)
        return false;
    if (told_.size() >= most_told)
        told_.erase(told_.begin());
    told_[key] = now;
    return true;
}

void engine::tell(event_kind kind, instance who)
{
    events_.push_back({kind, std::move(who), others_ + 1});
}

/// One instance as all links together know it; or this member of it, if it is not charted.
instance engine::gather(std::uint64_t id, member const* told, segment const* by) const
{
    instance result;
    std::vector<presence> presences;
    member const* best = told;
    bool suspect = true;
    bool charted = false;
    time_point first_heard{};
    time_point last_heard{};
    for (auto const& each : segments_) {
        auto const* entry = told ? nullptr : each->known().members().find(id);
        if (!entry)
            continue;
        auto const& who = entry->who();
        auto const age = [](member const& m) {
            return std::pair(m.who().incarnation, m.sequence());
        };
        if (!best || age(*best) < age(who))
            best = &who;
        auto const heard_first = each->known().epoch() + entry->first_heard();
        first_heard = charted ? std::min(first_heard, heard_first) : heard_first;
        last_heard = std::max(last_heard, each->known().last_heard(*entry));
        suspect = suspect && entry->is_suspect();
        charted = true;
        if (!each->detached())
            presences.push_back({&each->where(), announce::unpack(who.record()).addresses});
    }
    result.id = id;
    if (!best)
        return result;
    auto value = announce::unpack(best->record());
    if (told && by)
        presences.push_back({&by->where(), value.addresses});
    result.life = best->who().life;
    result.incarnation = best->who().incarnation;
    result.sequence = value.sequence;
    result.state = charted && suspect ? instance_state::suspect : instance_state::alive;
    result.detection_time = 4 * value.beat_interval;
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
            if (entry)
                ids.insert(entry.who().who().id);
    std::vector<instance> all;
    all.reserve(ids.size());
    for (auto const id : ids)
        all.push_back(gather(id, nullptr, nullptr));
    return all;
}

address_book::page engine::best_addresses(std::size_t nth_port)
{
    // Each part only grows while the links stay the same, and their version outweighs the rest.
    auto version = links_version_ << 48;
    for (auto const& each : segments_)
        version += each->known().members().version();
    return addresses_.look_up(nth_port, version, [&] {
        std::vector<best_address> all;
        for (auto const& each : snapshot())
            if (nth_port < each.service_ports.size() && !each.addresses.empty())
                all.push_back({each.id, each.addresses.front(), each.service_ports[nth_port]});
        return all;
    });
}

std::optional<instance> engine::describe(std::uint64_t id) const
{
    bool const known = std::ranges::any_of(
        segments_, [&](auto const& each) { return each->known().members().find(id) != nullptr; });
    return known ? std::optional(gather(id, nullptr, nullptr)) : std::nullopt;
}

bool engine::forget(std::uint64_t id)
{
    bool known = false;
    for (auto const& each : segments_) {
        known = known || each->known().members().find(id);
        each->known().forget(id);
    }
    others_ -= known;
    return known;
}

void engine::preload(identity const& who, record_view const& told, time_point now)
{
    for (auto const& each : segments_)
        each->known().learn(who, told, channel::records, true, now);
    for (auto const& each : segments_)
        for (auto const& what : each->known().take_changes())
            others_ += static_cast<std::size_t>(what.joined > 0);
}

record_view engine::own_view(unsigned link_index) const
{
    return find_segment(link_index)->own_voice().own().record();
}

std::vector<outgoing> engine::take_outgoing()
{
    return std::exchange(self_.sent, {});
}

std::vector<event> engine::take_events()
{
    return std::exchange(events_, {});
}

} // namespace rollcast::detail
