// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/multicast_carrier.hpp"

#include "carrier/multicast/link_of_arrival.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace rollcast::detail {
namespace {

using clock = std::chrono::steady_clock;

/// After a socket failed in an unexpected way, so that a lasting failure does not spin.
constexpr auto pause_after_failure = std::chrono::milliseconds(100);

constexpr std::size_t renewed_at_once = 4;

constexpr auto retry_interval = std::chrono::seconds(10);

/// A switch forgets a member after 260 s without a report (RFC 3376, 8.4); it gets one before.
constexpr auto membership_lifetime = std::chrono::seconds(120);

} // namespace

multicast_carrier::multicast_carrier(asio::any_io_executor executor, chart_config config)
    : executor_(executor),
      config_(std::move(config)),
      stations_(executor, config_),
      house_(executor),
      check_(executor)
{
}

error_code multicast_carrier::open()
{
    if (auto const ec = watch_interfaces())
        return ec;
    std::lock_guard const lock(mutex_);
    return stations_.refresh(true);
}

/// Before the interfaces are listed, so that no change falls between.
error_code multicast_carrier::watch_interfaces()
{
    try {
        watcher_ = std::make_shared<net::interface_watcher>(executor_);
    } catch (boost::system::system_error const& failure) {
        return failure.code();
    }
    return {};
}

void multicast_carrier::attend(std::weak_ptr<carrier_listener> listener)
{
    listener_ = std::move(listener);
    asio::co_spawn(executor_, watch(shared_from_this()), asio::detached);
    asio::co_spawn(executor_, keep_house(shared_from_this()), asio::detached);
    listen_everywhere();
}

void multicast_carrier::close()
{
    std::unique_lock lock(mutex_);
    closed_ = true;
    stations_.close();
    lock.unlock();
    if (watcher_)
        watcher_->close();
    house_.cancel();
    check_.cancel();
}

/// Starts to listen on the stations and mouths that nothing listens on yet.
void multicast_carrier::listen_everywhere()
{
    std::unique_lock lock(mutex_);
    auto const all = stations_.all();
    auto const mouths = stations_.mouths();
    lock.unlock();
    for (auto const& where : all)
        if (!std::exchange(where->attended, true))
            asio::co_spawn(executor_, hear_group(shared_from_this(), where), asio::detached);
    for (auto const& each : mouths)
        if (!std::exchange(each->is_heard, true))
            asio::co_spawn(executor_, hear_answers(shared_from_this(), each), asio::detached);
}

asio::awaitable<void> multicast_carrier::hear_group(self_pointer self,
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

asio::awaitable<void> multicast_carrier::hear_answers(self_pointer self,
                                                      std::shared_ptr<send::mouth> by)
{
    std::vector<std::byte> storage(65536);
    error_code ec;
    while (ec != asio::error::operation_aborted) {
        ec = {};
        try {
            auto const heard = co_await by->hear(asio::buffer(storage));
            self->hear_answer(std::span(storage).first(heard.bytes), heard);
        } catch (boost::system::system_error const& failure) {
            ec = failure.code();
        }
        if (ec && ec != asio::error::operation_aborted)
            co_await self->pause();
    }
}

asio::awaitable<void> multicast_carrier::pause()
{
    asio::steady_timer timer(executor_, pause_after_failure);
    co_await timer.async_wait(asio::use_awaitable);
}

/// An empty datagram of our own only tries whether the group can be heard.
void multicast_carrier::hear(station& where, std::span<std::byte const> datagram,
                             endpoint const& from)
{
    std::unique_lock lock(mutex_);
    where.health.heard();
    bool const is_told = !closed_ && !where.is_own_try(datagram, from);
    lock.unlock();
    if (is_told)
        tell(datagram, {where.link(), from, true});
}

void multicast_carrier::hear_answer(std::span<std::byte const> datagram,
                                    send::mouth::heard const& heard)
{
    std::unique_lock lock(mutex_);
    auto const link = closed_ ? 0 : link_of_arrival(heard, stations_.links());
    lock.unlock();
    if (link != 0)
        tell(datagram, {link, endpoint_of(heard.source), false, heard.destination});
}

void multicast_carrier::tell(std::span<std::byte const> datagram, arrival const& from)
{
    if (auto const listener = listener_.lock())
        listener->hear(datagram, from);
}

asio::awaitable<void> multicast_carrier::watch(self_pointer self)
{
    error_code ec;
    while (!ec) {
        try {
            co_await self->watcher_->changed();
            self->interfaces_changed();
        } catch (boost::system::system_error const& failure) {
            ec = failure.code();
        }
    }
}

void multicast_carrier::interfaces_changed()
{
    std::unique_lock lock(mutex_);
    if (closed_)
        return;
    refresh_failed_ = stations_.refresh(false).failed();
    lock.unlock();
    // First who hears, then what is heard: a datagram may be waiting.
    if (auto const listener = listener_.lock())
        listener->links_changed();
    listen_everywhere();
}

/// What no report of the system brings about: what could not be opened is tried again, and
/// memberships are renewed.
asio::awaitable<void> multicast_carrier::keep_house(self_pointer self)
{
    auto next_renewal = clock::now() + membership_lifetime;
    while (!self->is_closed()) {
        self->house_.expires_after(retry_interval);
        co_await self->house_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (self->is_closed())
            co_return;
        if (self->has_to_retry())
            self->interfaces_changed();
        if (next_renewal > clock::now())
            continue;
        next_renewal = clock::now() + membership_lifetime;
        co_await self->renew_memberships();
    }
}

bool multicast_carrier::is_closed() const
{
    std::lock_guard const lock(mutex_);
    return closed_;
}

bool multicast_carrier::has_to_retry() const
{
    std::lock_guard const lock(mutex_);
    return refresh_failed_ || stations_.has_to_retry();
}

/// A few at a time, so that other handlers of the executor have their turn.
asio::awaitable<void> multicast_carrier::renew_memberships()
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

carrier::tally multicast_carrier::send(std::span<outgoing const> datagrams)
{
    tally result;
    std::lock_guard const lock(mutex_);
    for (auto const& each : datagrams) {
        auto const one = stations_.send(each, clock::now());
        result.sent += one.sent;
        result.failed += one.failed;
    }
    plan_check();
    return result;
}

/// Any thread may send, and the timer belongs to the executor. Expects the mutex to be held.
void multicast_carrier::plan_check()
{
    auto const due = stations_.next_check();
    bool const is_armed = due && check_armed_ && *check_armed_ <= *due;
    if (!due || is_armed || std::exchange(check_planned_, true))
        return;
    asio::post(executor_, [self = shared_from_this()] { self->arm_check(); });
}

void multicast_carrier::arm_check()
{
    std::lock_guard const lock(mutex_);
    check_planned_ = false;
    auto const due = stations_.next_check();
    if (closed_ || !due)
        return;
    check_armed_ = due;
    check_.expires_at(*due);
    check_.async_wait([self = shared_from_this()](error_code const& ec) {
        if (!ec)
            self->check_stations();
    });
}

void multicast_carrier::check_stations()
{
    std::unique_lock lock(mutex_);
    check_armed_.reset();
    if (closed_)
        return;
    bool const recovered = stations_.check(clock::now());
    bool const reported = stations_.has_reports();
    plan_check();
    lock.unlock();
    auto const listener = listener_.lock();
    if (listener && recovered)
        listener->recovered();
    if (listener && reported)
        listener->reported();
}

std::vector<link> multicast_carrier::links() const
{
    std::lock_guard const lock(mutex_);
    return stations_.links();
}

net::port_type multicast_carrier::discovery_port() const
{
    std::lock_guard const lock(mutex_);
    return stations_.discovery_port();
}

std::vector<event> multicast_carrier::take_reports()
{
    std::lock_guard const lock(mutex_);
    return stations_.take_reports();
}

std::vector<net::interface_info> multicast_carrier::interfaces() const
{
    std::lock_guard const lock(mutex_);
    return stations_.interfaces();
}

std::vector<net::group> multicast_carrier::groups() const
{
    std::lock_guard const lock(mutex_);
    return stations_.groups();
}

std::vector<interface_obstacle> multicast_carrier::obstacles() const
{
    std::lock_guard const lock(mutex_);
    return stations_.obstacles();
}

} // namespace rollcast::detail
