// SPDX-License-Identifier: BSL-1.0
#include "support/simulated_network.hpp"

#include <algorithm>
#include <stdexcept>

namespace rollcast::test {
namespace {

constexpr std::uint64_t start_of_time_ms = 1'700'000'000'000; // on the wall
constexpr std::size_t backlog_limit = 1000;                   // a socket's queue
constexpr std::uint64_t overdue_limit = 1000;

std::chrono::milliseconds whole_ms(duration value)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(value);
}

} // namespace

simulated_network::simulated_network(std::uint64_t seed)
    : random_(seed), now_(std::chrono::hours(24))
{
}

unsigned simulated_network::add_segment(conditions how)
{
    segments_.push_back(how);
    return static_cast<unsigned>(segments_.size() - 1);
}

std::size_t simulated_network::add(simulated_config config)
{
    if (segments_.empty())
        add_segment();
    auto const who = instances_.size();
    if (config.id == 0)
        config.id = who + 1;
    instances_.push_back(
        std::make_unique<simulated_instance>(simulated_instance{std::move(config)}));
    create(who);
    return who;
}

void simulated_network::add_many(std::size_t count, simulated_config const& config)
{
    for (std::size_t i = 0; i < count; ++i)
        add(config);
}

/// A new process: a new life, new ports, an empty chart.
void simulated_network::create(std::size_t who)
{
    auto& self = at(who);
    detail::engine_config config;
    config.own.id = self.config.id;
    for (auto& octet : config.own.life.bytes)
        octet = static_cast<std::uint8_t>(random_.next());
    auto const wall = whole_ms(now_.time_since_epoch()) + self.config.clock_error;
    config.own.incarnation = start_of_time_ms + static_cast<std::uint64_t>(wall.count());
    config.service_ports = self.config.service_ports;
    auto const data = std::as_bytes(std::span(self.config.data));
    config.data.assign(data.begin(), data.end());
    config.key = group_key(self.config.name);
    config.discovery_port = 8080;
    config.detection_time = self.config.detection_time;
    config.max_instances = self.config.max_instances;
    config.seed = random_.next();
    self.engine = std::make_unique<detail::engine>(std::move(config));
    self.state = activity::idle;
    self.armed.reset();
    ++self.arming;
    self.backlog.clear();
    self.overslept = false;
    self.port = next_port_++;
    plug(who);
}

void simulated_network::start(std::size_t who)
{
    at(who).state = activity::running;
    at(who).engine->start(now_);
    settle(who);
}

void simulated_network::listen_only(std::size_t who)
{
    at(who).state = activity::running;
    at(who).engine->listen_only(now_);
    settle(who);
}

void simulated_network::start_all()
{
    for (std::size_t who = 0; who < count(); ++who)
        start(who);
}

void simulated_network::crash(std::size_t who)
{
    at(who).state = activity::ended;
    unplug(who);
}

void simulated_network::restart(std::size_t who)
{
    create(who);
    start(who);
}

void simulated_network::leave(std::size_t who)
{
    at(who).engine->leave(now_);
    settle(who);
}

void simulated_network::pause(std::size_t who)
{
    at(who).state = activity::paused;
}

void simulated_network::resume(std::size_t who)
{
    auto& self = at(who);
    self.state = activity::running;
    if (std::exchange(self.overslept, false))
        advance(who);
    for (auto const& [from, what] : std::exchange(self.backlog, {}))
        deliver(who, from, what);
}

void simulated_network::update(std::size_t who, std::string_view data)
{
    auto const ec = at(who).engine->update(std::as_bytes(std::span(data)), now_);
    if (ec)
        throw std::invalid_argument(ec.message());
    settle(who);
}

void simulated_network::attach(std::size_t who, unsigned segment)
{
    at(who).config.segments.push_back(segment);
    plug(who);
    settle(who);
}

void simulated_network::detach(std::size_t who, unsigned segment)
{
    std::erase(at(who).config.segments, segment);
    plug(who);
    settle(who);
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

/// Hands on what the engine wants to be done.
void simulated_network::settle(std::size_t who)
{
    auto& self = at(who);
    for (auto const& each : self.engine->take_outgoing())
        carry(who, each);
    for (auto& each : self.engine->take_events()) {
        self.events.push_back({now_, std::move(each)});
        ++changes_;
    }
    arm(who);
}

void simulated_network::arm(std::size_t who)
{
    auto& self = at(who);
    auto const deadline = self.engine->next_deadline();
    if (deadline == self.armed)
        return;
    self.armed = deadline;
    auto const arming = ++self.arming;
    if (deadline)
        agenda_.emplace(std::pair(std::max(now_, *deadline), ++entries_),
                        [this, who, arming] { wake(who, arming); });
}

void simulated_network::wake(std::size_t who, std::uint64_t arming)
{
    auto& self = at(who);
    if (self.arming != arming || self.state == activity::ended)
        return;
    if (self.state == activity::paused)
        self.overslept = true;
    else
        advance(who);
}

void simulated_network::advance(std::size_t who)
{
    auto& self = at(who);
    self.armed.reset();
    bool const was_leaving = self.engine->is_leaving();
    self.engine->advance(now_);
    ++self.done.advances;
    auto const next = self.engine->next_deadline();
    self.done.overdue += next && *next <= now_;
    if (self.done.overdue > overdue_limit)
        throw std::logic_error("an engine asks to be called all the time");
    settle(who);
    if (was_leaving && !self.engine->is_leaving())
        crash(who);
}

void simulated_network::deliver(std::size_t to, detail::arrival const& from, bytes const& what)
{
    auto& self = at(to);
    if (self.state == activity::paused && self.backlog.size() < backlog_limit)
        self.backlog.emplace_back(from, what);
    if (self.state != activity::running)
        return;
    self.done.received += from.source.port() != self.port;
    self.engine->receive(*what, from, now_);
    settle(to);
}

void simulated_network::step()
{
    auto const next = agenda_.extract(agenda_.begin());
    now_ = next.key().first;
    next.mapped()();
}

void simulated_network::run_for(duration how_long)
{
    auto const end = now_ + how_long;
    while (!agenda_.empty() && agenda_.begin()->first.first <= end)
        step();
    now_ = end;
}

bool simulated_network::run_until(std::function<bool()> const& condition, duration limit)
{
    auto const end = now_ + limit;
    bool holds = condition();
    while (!holds && !agenda_.empty() && agenda_.begin()->first.first <= end) {
        auto const before = changes_;
        step();
        holds = changes_ != before && condition();
    }
    return holds;
}

void simulated_network::after(duration from_now, std::function<void()> action)
{
    agenda_.emplace(std::pair(now_ + from_now, ++entries_), std::move(action));
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
        times += static_cast<std::size_t>(std::ranges::count(
            each->events, kind, [](dated_event const& told) { return told.what.kind; }));
    return times;
}

bool simulated_network::knows(std::size_t who, std::size_t other)
{
    auto const known = engine(who).others().describe(id(other));
    return known && known->life == engine(other).own().life;
}

bool simulated_network::all_know_all()
{
    auto const running = static_cast<std::size_t>(std::ranges::count(
        instances_, activity::running, [](auto const& each) { return each->state; }));
    for (auto const& each : instances_)
        if (each->state == activity::running && each->engine->size() != running)
            return false;
    return true;
}

} // namespace rollcast::test
