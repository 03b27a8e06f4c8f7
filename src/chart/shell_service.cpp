// SPDX-License-Identifier: BSL-1.0
#include "chart/link_of_arrival.hpp"
#include "chart/shell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <span>
#include <utility>

// What a shell does while it runs: it hears, watches the interfaces, keeps house, and says goodbye.

namespace rollcast::detail {
namespace {

/// After a socket failed in an unexpected way, so that a lasting failure does not spin.
constexpr auto pause_after_failure = std::chrono::milliseconds(100);

constexpr std::size_t renewed_at_once = 4;

constexpr auto retry_interval = std::chrono::seconds(10);

/// A switch forgets a member after 260 s without a report (RFC 3376, 8.4); it gets one before.
constexpr auto membership_lifetime = std::chrono::seconds(120);

} // namespace

/// Starts to listen on the stations and mouths that nothing listens on yet.
void chart_shell::listen_everywhere()
{
    std::unique_lock lock(mutex_);
    auto const all = stations_.all();
    auto const mouths = stations_.mouths();
    lock.unlock();
    for (auto const& where : all)
        if (!std::exchange(where->attended, true))
            asio::co_spawn(strand_, hear_group(shared_from_this(), where), asio::detached);
    for (auto const& each : mouths)
        if (!std::exchange(each->is_heard, true))
            asio::co_spawn(strand_, hear_answers(shared_from_this(), each), asio::detached);
}

asio::awaitable<void> chart_shell::hear_group(std::shared_ptr<chart_shell> self,
                                              std::shared_ptr<station> where)
{
    error_code ec;
    while (ec != asio::error::operation_aborted) {
        ec = {};
        try {
            auto const heard = co_await where->ear.recv();
            self->hear(*where, heard.payload, endpoint_of(heard.source));
        } catch (boost::system::system_error const& failure) {
            ec = failure.code();
        }
        if (ec && ec != asio::error::operation_aborted)
            co_await self->pause();
    }
}

asio::awaitable<void> chart_shell::hear_answers(std::shared_ptr<chart_shell> self,
                                                std::shared_ptr<send::mouth> mouth)
{
    std::vector<std::byte> storage(65536);
    error_code ec;
    while (ec != asio::error::operation_aborted) {
        ec = {};
        try {
            auto const heard = co_await mouth->hear(asio::buffer(storage));
            self->hear_answer(std::span(storage).first(heard.bytes), heard);
        } catch (boost::system::system_error const& failure) {
            ec = failure.code();
        }
        if (ec && ec != asio::error::operation_aborted)
            co_await self->pause();
    }
}

asio::awaitable<void> chart_shell::pause()
{
    asio::steady_timer timer(strand_, pause_after_failure);
    co_await timer.async_wait(asio::use_awaitable);
}

/// An empty datagram of our own only tries whether the group can be heard.
void chart_shell::hear(station& where, std::span<std::byte const> datagram, endpoint const& from)
{
    drive([&](engine& engine, time_point now) {
        where.health.heard();
        if (!where.is_own_try(datagram, from))
            engine.receive(datagram, {where.link(), from, true}, now);
    });
}

void chart_shell::hear_answer(std::span<std::byte const> datagram, send::mouth::heard const& heard)
{
    drive([&](engine& engine, time_point now) {
        if (auto const link = link_of_arrival(heard, stations_.links()); link != 0)
            engine.receive(datagram, {link, endpoint_of(heard.source), false, heard.destination},
                           now);
    });
}

asio::awaitable<void> chart_shell::watch(std::shared_ptr<chart_shell> self,
                                         std::shared_ptr<net::interface_watcher> watcher)
{
    error_code ec;
    while (!ec) {
        try {
            co_await watcher->changed();
            self->interfaces_changed();
        } catch (boost::system::system_error const& failure) {
            ec = failure.code();
        }
    }
}

/// What no report of the system brings about: what could not be opened is tried again, and
/// memberships are renewed. `run` tells whether the chart has been left meanwhile.
asio::awaitable<void> chart_shell::keep_house(std::shared_ptr<chart_shell> self, std::uint64_t run)
{
    auto next_renewal = clock::now() + membership_lifetime;
    while (self->run_ == run) {
        self->house_.expires_after(retry_interval);
        co_await self->house_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (self->run_ != run)
            co_return;
        if (self->has_to_retry())
            self->interfaces_changed();
        if (next_renewal > clock::now())
            continue;
        next_renewal = clock::now() + membership_lifetime;
        co_await self->renew_memberships();
    }
}

bool chart_shell::has_to_retry() const
{
    std::lock_guard const lock(mutex_);
    return refresh_failed_ || stations_.has_to_retry();
}

/// A few at a time, so that other handlers of the executor have their turn.
asio::awaitable<void> chart_shell::renew_memberships()
{
    std::unique_lock lock(mutex_);
    auto const all = stations_.all();
    lock.unlock();
    std::size_t renewed = 0;
    for (auto const& each : all) {
        error_code ignored; // of a station that is closed meanwhile, or has lost its link
        each->ear.renew(ignored);
        if (++renewed % renewed_at_once == 0)
            co_await pause();
    }
}

void chart_shell::interfaces_changed()
{
    std::unique_lock lock(mutex_);
    if (ended_)
        return;
    refresh_failed_ = refresh_links().failed();
    lock.unlock();
    listen_everywhere();
    drive([](engine& engine, time_point now) { engine.advance(now); });
}

void chart_shell::arm_check(std::optional<time_point> due)
{
    if (!due || (check_armed_ && *check_armed_ <= *due))
        return;
    check_armed_ = due;
    check_.expires_at(*due);
    check_.async_wait([self = shared_from_this()](error_code const& ec) {
        if (ec)
            return;
        self->check_armed_.reset();
        self->check_stations();
    });
}

/// After a station has recovered this instance introduces itself anew: other instances may have
/// missed what it said.
void chart_shell::check_stations()
{
    drive([this](engine& engine, time_point now) {
        if (stations_.check(now))
            engine.discover(now);
        tell_of_interfaces();
    });
}

void chart_shell::tell_of_interfaces()
{
    auto reports = stations_.take_reports();
    for (auto& each : reports) {
        each.size = engine_->size();
        each.local_health = engine_->local_health();
    }
    publish(reports);
}

asio::awaitable<void> chart_shell::farewell(std::shared_ptr<chart_shell> self)
{
    self->drive([](engine& engine, time_point now) { engine.leave(now); });
    asio::steady_timer timer(self->strand_);
    for (;;) {
        auto const next = self->read([](engine& engine) {
            return engine.is_leaving() ? engine.next_deadline() : std::nullopt;
        });
        if (!next)
            co_return;
        timer.expires_at(*next);
        co_await timer.async_wait(asio::use_awaitable);
        self->drive([](engine& engine, time_point now) { engine.advance(now); });
    }
}

} // namespace rollcast::detail
