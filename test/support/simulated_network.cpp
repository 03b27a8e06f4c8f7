// SPDX-License-Identifier: BSL-1.0
#include "support/simulated_network.hpp"
#include "announce/codec.hpp"

#include <algorithm>
#include <stdexcept>

namespace rollcast::test {
namespace {

constexpr std::uint64_t start_of_time_ms = 1'700'000'000'000; // on the wall
constexpr std::uint64_t overdue_limit = 1000;
constexpr auto inspection_interval = std::chrono::seconds(10);

// A new process has another port, and an old one's datagrams do not reach it for a while.
constexpr net::port_type first_port = 20000;
constexpr net::port_type last_port = 60000;

std::chrono::milliseconds whole_ms(duration value)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(value);
}

} // namespace

simulated_network::simulated_network(std::uint64_t seed, checks how)
    : seed_(seed), random_(seed), now_(std::chrono::hours(24))
{
    if (how == checks::on)
        invariants_.emplace(seed);
}

unsigned simulated_network::add_segment(conditions how)
{
    segments_.push_back({how});
    return static_cast<unsigned>(segments_.size() - 1);
}

void simulated_network::repeat(unsigned from, unsigned to, repetition how)
{
    segments_.at(from).repeaters.push_back({to, how});
}

void simulated_network::join(unsigned a, unsigned b)
{
    repeat(a, b);
    repeat(b, a);
}

std::size_t simulated_network::add(simulated_config config)
{
    if (segments_.empty())
        add_segment();
    auto const who = instances_.size();
    if (config.id == 0)
        config.id = who + 1;
    discovery_ports_.insert(config.discovery_port);
    instances_.push_back(
        std::make_unique<simulated_instance>(simulated_instance{std::move(config)}));
    at(who).application = application_of(at(who).config.name);
    create(who);
    return who;
}

void simulated_network::add_many(std::size_t count, simulated_config const& config)
{
    for (std::size_t i = 0; i < count; ++i)
        add(config);
}

std::size_t simulated_network::application_of(std::string const& name)
{
    auto const found = std::ranges::find(application_names_, name);
    auto const index = static_cast<std::size_t>(found - application_names_.begin());
    if (found == application_names_.end()) {
        application_names_.push_back(name);
        applications_.emplace_back(name);
    }
    return index;
}

detail::engine_config simulated_network::engine_config_of(std::size_t who)
{
    auto const& self = at(who);
    detail::engine_config config;
    config.own.id = self.config.id;
    for (auto& octet : config.own.life.bytes)
        octet = static_cast<std::uint8_t>(random_.next());
    auto const wall = whole_ms(now_.time_since_epoch()) + self.config.clock_error;
    config.own.incarnation = start_of_time_ms + static_cast<std::uint64_t>(wall.count());
    config.service_ports = self.config.service_ports;
    config.port_names = self.config.port_names;
    auto const data = std::as_bytes(std::span(self.config.data));
    config.data.assign(data.begin(), data.end());
    config.key = applications_[self.application];
    config.discovery_port = self.config.discovery_port;
    config.known_ports = {main_port, backup_ports[0], backup_ports[1]};
    config.detection_time = self.config.detection_time;
    config.max_instances = self.config.max_instances;
    config.seed = random_.next();
    config.pool = &pool_;
    config.terse_events = self.config.terse_events;
    config.observer = self.config.observer;
    return config;
}

/// A new process: a new life, a new port, an empty chart.
void simulated_network::create(std::size_t who)
{
    auto& self = at(who);
    self.engine = std::make_unique<detail::engine>(engine_config_of(who));
    self.state = activity::idle;
    self.silent = self.leaves = false;
    self.armed.reset();
    self.overslept = self.replugged = false;
    for (auto const each : std::exchange(self.backlog, {}))
        release(each);
    bool const is_first = self.port < first_port || self.port == last_port;
    self.port = is_first ? first_port : static_cast<net::port_type>(self.port + 1);
    if (invariants_)
        invariants_->begin(who, self.config.max_instances, self.config.detection_time);
    take_seats(who);
    self.engine->set_links(links_of(who), now_);
}

void simulated_network::start(std::size_t who)
{
    at(who).state = activity::running;
    if (at(who).config.observer) {
        if (invariants_)
            invariants_->observes(who);
        at(who).engine->observe(now_);
    } else {
        at(who).engine->start(now_);
    }
    settle(who);
}

void simulated_network::listen_only(std::size_t who)
{
    at(who).state = activity::running;
    at(who).silent = true;
    if (invariants_)
        invariants_->listens(who);
    at(who).engine->listen_only(now_);
    settle(who);
}

void simulated_network::start_all()
{
    for (std::size_t who = 0; who < count(); ++who)
        start(who);
}

void simulated_network::complete()
{
    for (std::size_t who = 0; who < count(); ++who)
        if (at(who).state == activity::idle)
            introduce_all_to(who);
    for (std::size_t who = 0; who < count(); ++who) {
        if (at(who).state != activity::idle)
            continue;
        at(who).state = activity::running;
        at(who).engine->start_settled(now_);
        settle(who);
    }
    ++changes_;
}

void simulated_network::introduce_all_to(std::size_t who)
{
    auto const& seats = at(who).seats;
    if (seats.size() != 1)
        throw std::logic_error("complete() is for instances on one segment");
    auto const on = seats.front().segment;
    auto& chart = engine(who);
    for (auto const other : segments_[on].present)
        if (other != who) {
            auto const told = engine(other).own_view(link_of(other, on));
            chart.preload(engine(other).own(), told, now_);
            if (invariants_)
                invariants_->introduced(who, announce::member_overhead + told.bytes.size());
        }
}

void simulated_network::crash(std::size_t who)
{
    at(who).state = activity::ended;
    leave_seats(who);
}

void simulated_network::restart(std::size_t who)
{
    create(who);
    start(who);
}

void simulated_network::leave(std::size_t who)
{
    at(who).leaves = true;
    at(who).engine->leave(now_);
    settle(who);
    end_if_gone(who);
}

void simulated_network::pause(std::size_t who)
{
    at(who).state = activity::paused;
}

void simulated_network::resume(std::size_t who)
{
    auto& self = at(who);
    self.state = activity::running;
    if (std::exchange(self.replugged, false))
        renew_links(who);
    if (std::exchange(self.overslept, false))
        rouse(who);
    for (auto const each : std::exchange(self.backlog, {})) {
        take_in(who, each);
        release(each);
    }
}

void simulated_network::update(std::size_t who, std::string_view data)
{
    auto const ec = at(who).engine->update(std::as_bytes(std::span(data)), now_);
    if (ec)
        throw std::invalid_argument(ec.message());
    settle(who);
}

void simulated_network::announce(std::size_t who, bool on)
{
    if (invariants_ && !on)
        invariants_->listens(who);
    at(who).engine->announce(on, now_);
    settle(who);
}

bool simulated_network::forget(std::size_t who, std::uint64_t id)
{
    bool const known = at(who).engine->forget(id);
    settle(who);
    if (invariants_)
        invariants_->forgotten(who, id);
    return known;
}

void simulated_network::attach(std::size_t who, unsigned segment)
{
    at(who).config.segments.push_back(segment);
    replug(who);
}

void simulated_network::detach(std::size_t who, unsigned segment)
{
    std::erase(at(who).config.segments, segment);
    replug(who);
}

/// A stopped process learns later that a cable has been pulled, and one that has ended never.
void simulated_network::replug(std::size_t who)
{
    auto& self = at(who);
    if (self.state == activity::ended)
        return;
    take_seats(who);
    if (invariants_)
        invariants_->moved(who, now_);
    if (self.state == activity::paused)
        self.replugged = true;
    else
        renew_links(who);
}

void simulated_network::renew_links(std::size_t who)
{
    at(who).engine->set_links(links_of(who), now_);
    settle(who);
    end_if_gone(who);
}

void simulated_network::cut(std::size_t from, std::size_t to)
{
    cut(from, to, cast::multicast);
    cut(from, to, cast::unicast);
}

void simulated_network::cut(std::size_t from, std::size_t to, cast which)
{
    cuts_[static_cast<std::size_t>(which)].insert(pair_of(from, to));
}

bool simulated_network::hears(std::size_t to, std::size_t from, cast which) const
{
    auto const& cuts = cuts_[static_cast<std::size_t>(which)];
    return cuts.empty() || !cuts.contains(pair_of(from, to));
}

void simulated_network::cut_on(unsigned segment, std::size_t from, std::size_t to, cast which)
{
    segment_cuts_[segment][static_cast<std::size_t>(which)].insert(pair_of(from, to));
}

bool simulated_network::hears_on(unsigned segment, std::size_t to, std::size_t from,
                                 cast which) const
{
    if (!hears(to, from, which))
        return false;
    auto const found = segment_cuts_.find(segment);
    return found == segment_cuts_.end() ||
           !found->second[static_cast<std::size_t>(which)].contains(pair_of(from, to));
}

void simulated_network::part(std::vector<std::size_t> const& some,
                             std::vector<std::size_t> const& others)
{
    for (auto const a : some)
        for (auto const b : others) {
            cut(a, b);
            cut(b, a);
        }
}

void simulated_network::forge(std::size_t to, std::span<std::byte const> datagram,
                              detail::arrival const& from)
{
    auto const meaning = announce::decode(datagram, applications_[at(to).application]);
    if (invariants_ && meaning)
        invariants_->heard(to, from.source, *meaning, datagram.size(), true, now_);
    at(to).engine->receive(datagram, from, now_);
    settle(to);
}

void simulated_network::forge_to_all(unsigned segment, std::span<std::byte const> datagram,
                                     detail::endpoint const& source)
{
    for (std::size_t who = 0; who < count(); ++who)
        if (is_running(who) && is_on(who, segment))
            forge(who, datagram, {link_of(who, segment), source, true});
}

/// Hands on what the engine wants to be done.
void simulated_network::settle(std::size_t who)
{
    auto& self = at(who);
    for (auto& each : self.engine->take_outgoing())
        carry(who, std::move(each));
    auto told = self.engine->take_events();
    if (reader_ && !told.empty())
        reader_(who, told);
    for (auto& each : told)
        note(who, std::move(each));
    arm(who);
}

void simulated_network::note(std::size_t who, event what)
{
    auto& self = at(who);
    ++changes_;
    ++self.events_told.at(static_cast<std::size_t>(what.kind));
    if (listener_)
        listener_(who, what);
    if (self.config.terse_events)
        return;
    if (invariants_) {
        invariants_->told(who, what, self.engine->segments().size(), now_);
        invariants_->weigh(who, *self.engine, now_);
    }
    self.events.push_back({now_, std::move(what)});
}

/// A later deadline than before needs nothing: when it wakes too early, it is armed again.
void simulated_network::arm(std::size_t who)
{
    auto& self = at(who);
    auto const deadline = self.engine->next_deadline();
    if (!deadline)
        return;
    auto const when = std::max(now_, *deadline);
    if (self.armed && *self.armed <= when)
        return;
    self.armed = when;
    agenda_.add(when, agenda::kind::wake, static_cast<std::uint32_t>(who));
}

void simulated_network::wake(std::size_t who, time_point when)
{
    auto& self = at(who);
    if (self.armed != when)
        return; // an earlier call took its place
    self.armed.reset();
    if (self.state == activity::paused)
        self.overslept = true;
    else if (self.state == activity::running)
        rouse(who);
}

void simulated_network::rouse(std::size_t who)
{
    auto const deadline = at(who).engine->next_deadline();
    if (deadline && *deadline <= now_)
        advance(who);
    else
        arm(who);
}

void simulated_network::advance(std::size_t who)
{
    auto& self = at(who);
    self.engine->advance(now_);
    ++self.done.advances;
    auto const next = self.engine->next_deadline();
    bool const overdue = next && *next <= now_;
    self.done.overdue += overdue;
    self.overdue_in_a_row = overdue ? self.overdue_in_a_row + 1 : 0;
    if (self.overdue_in_a_row > overdue_limit)
        throw std::logic_error("seed " + std::to_string(seed_) +
                               ": an engine asks to be called all the time");
    settle(who);
    end_if_gone(who);
}

/// It has said goodbye, or has no link to say it on.
void simulated_network::end_if_gone(std::size_t who)
{
    auto const& self = at(who);
    if (self.leaves && !self.silent && is_running(who) && !self.engine->is_leaving())
        crash(who);
}

void simulated_network::step()
{
    auto const next = agenda_.take();
    now_ = next.at;
    switch (next.what) {
    case agenda::kind::wake:
        wake(next.index, next.at);
        break;
    case agenda::kind::carriage:
        arrive(next.index);
        release(next.index);
        break;
    case agenda::kind::delivery: {
        auto const what = deliveries_.take(next.index);
        arrive_at(what.to, what.datagram);
        release(what.datagram);
        break;
    }
    case agenda::kind::action:
        actions_.take(next.index)();
        break;
    }
    if (invariants_ && next_inspection_ <= now_)
        inspect();
}

void simulated_network::inspect()
{
    next_inspection_ = now_ + inspection_interval;
    for (std::size_t who = 0; who < count(); ++who)
        if (at(who).state == activity::running && !at(who).config.terse_events)
            invariants_->inspect(who, engine(who), now_);
}

void simulated_network::run_for(duration how_long)
{
    auto const end = now_ + how_long;
    while (!agenda_.empty() && agenda_.next() <= end)
        step();
    now_ = end;
}

bool simulated_network::run_until(std::function<bool()> const& condition, duration limit)
{
    auto const end = now_ + limit;
    bool holds = condition();
    while (!holds && !agenda_.empty() && agenda_.next() <= end) {
        auto const before = changes_;
        step();
        holds = changes_ != before && condition();
    }
    return holds;
}

void simulated_network::after(duration from_now, std::function<void()> action)
{
    agenda_.add(now_ + from_now, agenda::kind::action, actions_.add(std::move(action)));
}

traffic simulated_network::total_traffic() const
{
    traffic sum;
    for (auto const& each : instances_) {
        sum.multicasts += each->done.multicasts;
        sum.unicasts += each->done.unicasts;
        sum.bytes_sent += each->done.bytes_sent;
        sum.received += each->done.received;
        sum.advances += each->done.advances;
        sum.overdue += each->done.overdue;
    }
    return sum;
}

std::vector<event_kind> simulated_network::told(std::size_t who, std::uint64_t about,
                                                time_point since) const
{
    std::vector<event_kind> kinds;
    for (auto const& each : events(who))
        if (each.what.who.id == about && each.at >= since)
            kinds.push_back(each.what.kind);
    return kinds;
}

std::size_t simulated_network::times_told(event_kind kind) const
{
    std::size_t times = 0;
    for (auto const& each : instances_)
        times += each->events_told.at(static_cast<std::size_t>(kind));
    return times;
}

bool simulated_network::knows(std::size_t who, std::size_t other)
{
    return std::ranges::any_of(engine(who).segments(), [&](auto const& on) {
        auto const* entry = on->known().members().find(id(other));
        return entry && entry->who().who().life == engine(other).own().life;
    });
}

bool simulated_network::all_know_all()
{
    auto const running =
        static_cast<std::size_t>(std::ranges::count_if(instances_, [](auto const& each) {
            return each->state == activity::running && !each->config.observer;
        }));
    // Whoever lagged behind the last time most likely still does.
    for (std::size_t i = 0; i < count(); ++i) {
        auto const who = (laggard_ + i) % count();
        if (at(who).state == activity::running && engine(who).size() != running) {
            laggard_ = who;
            return false;
        }
    }
    return true;
}

bool simulated_network::all_agree(unsigned segment) const
{
    std::optional<summary> first;
    for (auto const who : segments_.at(segment).present) {
        auto const* chart = at(who).silent ? nullptr : chart_of(who, segment);
        if (!chart || at(who).state != activity::running)
            continue;
        auto said = chart->own_voice().summary();
        said.health = 1; // concerns the speaker, and not its chart
        if (!first)
            first = said;
        if (*first != said)
            return false;
    }
    return true;
}

} // namespace rollcast::test
