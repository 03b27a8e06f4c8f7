// SPDX-License-Identifier: BSL-1.0
#include "chart/shell.hpp"

#include "chart/host_environment.hpp"
#include "chart/new_life.hpp"
#include "chart/own_ports.hpp"
#include "chart/wrong_names.hpp"
#include "error/explanation.hpp"
#include "net/explanation.hpp"

#include <rollcast/chart/notifications.hpp>
#include <rollcast/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

// The life of a shell, and what it is asked from any thread. shell_service.cpp has what it does
// while it runs.

namespace rollcast::detail {

chart_shell::chart_shell(asio::any_io_executor executor, chart_config config)
    : executor_(executor),
      strand_(asio::make_strand(executor)),
      config_(std::move(config)),
      world_(config_.environment ? config_.environment : host_environment()),
      service_ports_(service_ports_of(config_)),
      id_(config_.id ? *config_.id : random_id(*world_)),
      engine_(std::make_unique<engine>(new_life(config_, id_, *world_))),
      carrier_(world_->make_carrier(strand_, config_)),
      unreadable_(config_.max_instances),
      sleep_(world_->time_asleep()),
      alarm_(world_->make_alarm(strand_)),
      end_(strand_),
      silent_(strand_, asio::steady_timer::time_point::max())
{
    announcing_ = !config_.observer;
}

error_code chart_shell::open()
{
    std::lock_guard const lock(mutex_);
    if (opened_)
        return {};
    obstacles_.clear();
    if (auto const ec = validate(config_)) {
        if (net::is_about_interface(ec) || ec == error::not_loopback)
            obstacles_ = wrong_names(config_);
        return ec;
    }
    renew();
    carrier_ = world_->make_carrier(strand_, config_);
    if (auto const ec = carrier_->open()) {
        tell_of_interfaces();
        obstacles_ = carrier_->obstacles();
        carrier_->close();
        return ec;
    }
    // What is in the way at first is told when readers may be there: see `begin`.
    take_links();
    opened_ = true;
    return {};
}

/// A chart that ran before starts a new life: the old one has said goodbye.
void chart_shell::renew()
{
    if (!ended_)
        return;
    ended_.reset();
    auto config = new_life(config_, id_, *world_);
    config.data = engine_->data();
    engine_ = std::make_unique<engine>(std::move(config));
    share_metrics();
}

/// Brings the engine in line with the links there are.
void chart_shell::take_links()
{
    engine_->meet_at(carrier_->discovery_port());
    engine_->set_links(carrier_->links(), world_->now());
}

asio::awaitable<void> chart_shell::run(std::shared_ptr<chart_shell> self, bool silent)
{
    auto body = serve(self, silent);
    co_await asio::co_spawn(self->strand_, std::move(body), asio::use_awaitable);
}

asio::awaitable<void> chart_shell::serve(std::shared_ptr<chart_shell> self, bool silent)
{
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    self->begin(silent);
    co_await self->end_.async_wait(asio::as_tuple(asio::use_awaitable));
    auto const state = co_await asio::this_coro::cancellation_state;
    bool const cancelled = state.cancelled() != asio::cancellation_type::none;
    if (cancelled) {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        co_await farewell(self);
        self->stop(error::stopped);
    }
    self->running_ = false;
    bool const aborted = cancelled || self->is_destroyed();
    throw_if(aborted ? error_code(asio::error::operation_aborted) : error_code{}, "maintain");
}

bool chart_shell::is_leaving() const
{
    std::lock_guard const lock(mutex_);
    return !ended_ && engine_->is_leaving();
}

bool chart_shell::is_destroyed() const
{
    std::lock_guard const lock(mutex_);
    return destroyed_;
}

/// Everything up to the first datagram; throws where that cannot be.
void chart_shell::begin(bool silent)
{
    throw_if(running_ ? error_code(error::already_running) : error_code{}, "maintain",
             [this](error_code const& ec) { return explain(ec); });
    throw_if(is_destroyed() ? error_code(asio::error::operation_aborted) : error_code{},
             "maintain");
    if (auto const ec = open()) {
        explained_error const why(ec, explain(ec));
        stop(why);
        throw_explained(ec, "maintain", why.message());
    }
    running_ = true;
    end_.expires_at(asio::steady_timer::time_point::max());
    drive([&](engine& engine, time_point now) {
        tell_of_interfaces();
        engine.reply(replying_);
        if (silent)
            engine.listen_only(now);
        else if (announcing_)
            engine.start(now);
        else if (config_.observer)
            engine.observe(now);
        else
            engine.start_withdrawn(now);
    });
    carrier_->attend(weak_from_this());
}

asio::awaitable<void> chart_shell::leave(std::shared_ptr<chart_shell> self)
{
    auto body = leave_on_strand(self);
    co_await asio::co_spawn(self->strand_, std::move(body), asio::use_awaitable);
}

asio::awaitable<void> chart_shell::leave_on_strand(std::shared_ptr<chart_shell> self)
{
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    bool const running = self->running_;
    if (running)
        co_await farewell(self);
    self->stop(error::stopped);
}

asio::awaitable<void> chart_shell::found(std::shared_ptr<chart_shell> self, std::size_t n)
{
    auto const executor = co_await asio::this_coro::executor;
    notifications changes(executor, self->subscribe(executor, replay::nothing));
    auto size = self->read([](engine const& engine) { return engine.size(); });
    while (size < n) {
        // The size as of the event: by now an instance may have left again.
        auto const change = co_await changes.recv();
        size = change.size;
    }
}

void chart_shell::destroy()
{
    std::unique_lock lock(mutex_);
    destroyed_ = true;
    transmit(engine_->last_words());
    share_metrics();
    lock.unlock();
    // The sockets belong to the strand.
    asio::dispatch(strand_, [self = shared_from_this()] { self->stop(error::stopped); });
}

void chart_shell::transmit(std::vector<outgoing> const& datagrams)
{
    if (datagrams.empty())
        return;
    auto const tally = carrier_->send(datagrams);
    engine_->counters().sent += tally.sent;
    engine_->counters().send_errors += tally.failed;
}

void chart_shell::publish(std::vector<event> const& events)
{
    std::erase_if(readers_, [](auto const& reader) { return reader.expired(); });
    for (auto const& each : events)
        for (auto const& reader : readers_)
            if (auto const queue = reader.lock())
                queue->push(each);
}

void chart_shell::arm(std::optional<time_point> deadline)
{
    if (deadline == armed_)
        return;
    armed_ = deadline;
    if (!deadline) {
        alarm_->cancel();
        return;
    }
    // The shell owns the alarm, which would own the shell for as long as nothing runs.
    alarm_->set(*deadline, [weak = weak_from_this()] {
        auto const self = weak.lock();
        if (!self)
            return;
        self->armed_.reset();
        self->drive([](engine& engine, time_point now) { engine.advance(now); });
    });
}

std::string chart_shell::explain(error_code const& ec) const
{
    if (ec == error::already_running)
        return explanation("chart of instance " + std::to_string(id_), ec);
    bool const is_broken = validate(config_).failed();
    // Of another environment than this host there is no more to say than it did.
    if (config_.environment && !is_broken)
        return ec.message();
    return rollcast::explain(config_, ec,
                             is_broken ? std::vector<interface_obstacle>() : obstacles());
}

void chart_shell::stop(explained_error const& why)
{
    std::unique_lock lock(mutex_);
    if (ended_)
        return;
    ended_ = why;
    for (auto const& reader : std::exchange(readers_, {}))
        if (auto const queue = reader.lock())
            queue->close(why);
    carrier_->close();
    opened_ = false;
    lock.unlock();
    arm(std::nullopt);
    end_.cancel();
    silent_.cancel();
}

namespace {

/// The charted instances, as if they had been found one after the other.
std::vector<event> as_found(engine const& of)
{
    std::vector<event> all;
    std::size_t size = of.observes() ? 0 : 1;
    for (auto& who : of.snapshot())
        all.push_back({.who = std::move(who), .size = ++size, .local_health = of.local_health()});
    return all;
}

} // namespace

std::shared_ptr<event_queue> chart_shell::subscribe(asio::any_io_executor executor, replay what)
{
    auto complain = [weak = weak_from_this()](instance const& who, error_code const& why) {
        if (auto const self = weak.lock())
            self->note_unreadable(who, why);
    };
    auto queue = std::make_shared<event_queue>(std::move(executor), event_capacity(config_),
                                               std::move(complain));
    std::lock_guard const lock(mutex_);
    // What the chart holds already is no event of the new reader's.
    publish(engine_->take_events());
    if (what == replay::present)
        queue->begin_with(as_found(*engine_));
    if (ended_)
        queue->close(*ended_);
    else
        readers_.push_back(queue);
    return queue;
}

error_code chart_shell::update(std::span<std::byte const> data)
{
    error_code ec;
    ask([&](engine& engine, time_point now) { ec = engine.update(data, now); });
    return ec;
}

/// Whatever thread asks, what comes of it is sent and told on the strand.
template <class Wish>
void chart_shell::ask(Wish&& wish)
{
    std::unique_lock lock(mutex_);
    wish(*engine_, world_->now());
    // However much is asked before the strand gets to it, one look does for all.
    if (std::exchange(asked_, true))
        return;
    lock.unlock();
    asio::post(strand_, [self = shared_from_this()] { self->heed_wishes(); });
}

void chart_shell::heed_wishes()
{
    drive([this](engine& engine, time_point now) {
        asked_ = false;
        engine.advance(now);
    });
}

void chart_shell::discover()
{
    ask([](engine& engine, time_point now) { engine.discover(now); });
}

void chart_shell::announce(bool on)
{
    ask([&](engine& engine, time_point now) {
        announcing_ = on;
        engine.announce(on, now);
    });
}

void chart_shell::reply(bool on)
{
    ask([&](engine& engine, time_point) {
        replying_ = on;
        engine.reply(on);
    });
}

bool chart_shell::forget(std::uint64_t id)
{
    std::lock_guard const lock(mutex_);
    bool const known = engine_->forget(id);
    publish(engine_->take_events());
    share_metrics();
    return known;
}

void chart_shell::note_unreadable(instance const& who, error_code const& why)
{
    if (who.data.empty())
        return; // it tells nothing, which is no mistake
    std::lock_guard const lock(mutex_);
    auto const novelty = unreadable_.note(who);
    engine_->counters().unreadable += novelty != unreadable_data::novelty::none;
    share_metrics();
    if (novelty != unreadable_data::novelty::life)
        return;
    event told;
    told.kind = event_kind::data_unreadable;
    told.who = who;
    told.why = why;
    told.size = engine_->size();
    told.local_health = engine_->local_health();
    publish({told});
}

metrics::chart_record chart_shell::measure() const
{
    return {engine_->counters(), engine_->size()};
}

void chart_shell::share_metrics()
{
    metrics_.record([this](metrics::chart_record& now) { now = measure(); });
}

std::size_t chart_shell::observers() const
{
    std::lock_guard const lock(mutex_);
    return engine_->observers(world_->now());
}

metrics::chart_reader chart_shell::enable_metrics()
{
    std::lock_guard const lock(mutex_);
    return metrics_.switch_on(measure());
}

std::vector<net::group> chart_shell::groups() const
{
    std::lock_guard const lock(mutex_);
    return carrier_->groups();
}

net::port_type chart_shell::discovery_port() const
{
    std::lock_guard const lock(mutex_);
    return carrier_->discovery_port();
}

std::vector<std::string> chart_shell::interfaces() const
{
    std::lock_guard const lock(mutex_);
    std::vector<std::string> names;
    for (auto const& each : carrier_->interfaces())
        names.push_back(each.name);
    return names;
}

std::vector<interface_obstacle> chart_shell::obstacles() const
{
    std::lock_guard const lock(mutex_);
    return opened_ ? carrier_->obstacles() : obstacles_;
}

} // namespace rollcast::detail
