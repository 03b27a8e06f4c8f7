// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/event_queue.hpp"
#include "chart/station_set.hpp"
#include "chart/unreadable_data.hpp"
#include "net/sleep_watch.hpp"
#include "protocol/engine.hpp"

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/net/interface_watcher.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace rollcast::detail {

/// The rim of a chart: sockets, clock, timer and threads around the engine.
///
/// The mutex guards the engine and the stations, so that any thread may ask; what waits, waits on
/// the strand.
class chart_shell : public std::enable_shared_from_this<chart_shell> {
public:
    chart_shell(asio::any_io_executor executor, chart_config config);

    error_code open();
    void destroy();

    // Coroutines own the shell they work on, so that the chart may be destroyed meanwhile.
    static asio::awaitable<void> run(std::shared_ptr<chart_shell> self, bool silent);
    static asio::awaitable<void> leave(std::shared_ptr<chart_shell> self);
    static asio::awaitable<void> found(std::shared_ptr<chart_shell> self, std::size_t n);

    enum class replay { nothing, present };
    std::shared_ptr<event_queue> subscribe(asio::any_io_executor executor, replay what);
    error_code update(std::span<std::byte const> data);
    void discover();
    void announce(bool on);
    void reply(bool on);
    bool is_announcing() const noexcept { return announcing_; }
    bool is_replying() const noexcept { return replying_; }
    bool forget(std::uint64_t id);
    void note_unreadable(instance const& who, error_code const& why);
    net::port_type discovery_port() const;
    std::vector<std::string> interfaces() const;
    std::vector<interface_obstacle> obstacles() const;
    std::string explain(error_code const& ec) const; ///< What `open` returned.
    std::vector<net::group> groups() const;

    /// Calls `ask` with the engine while no other thread changes it.
    template <class Ask>
    auto read(Ask&& ask) const
    {
        std::lock_guard const lock(mutex_);
        return ask(*engine_);
    }

    asio::any_io_executor const& get_executor() const noexcept { return executor_; }
    chart_config const& config() const noexcept { return config_; }
    std::vector<net::port_type> const& service_ports() const noexcept { return service_ports_; }
    std::uint64_t id() const noexcept { return id_; }

private:
    using clock = std::chrono::steady_clock;

    static asio::awaitable<void> serve(std::shared_ptr<chart_shell> self, bool silent);
    static asio::awaitable<void> farewell(std::shared_ptr<chart_shell> self);
    static asio::awaitable<void> leave_on_strand(std::shared_ptr<chart_shell> self);
    static asio::awaitable<void> hear_group(std::shared_ptr<chart_shell> self,
                                            std::shared_ptr<station> where);
    static asio::awaitable<void> hear_answers(std::shared_ptr<chart_shell> self,
                                              std::shared_ptr<send::mouth> mouth);
    static asio::awaitable<void> watch(std::shared_ptr<chart_shell> self,
                                       std::shared_ptr<net::interface_watcher> watcher);
    static asio::awaitable<void> keep_house(std::shared_ptr<chart_shell> self, std::uint64_t run);
    bool has_to_retry() const;
    asio::awaitable<void> renew_memberships();
    asio::awaitable<void> pause();

    bool is_destroyed() const;
    void begin(bool silent);
    void listen_everywhere();
    void interfaces_changed();
    void stop(explained_error const& why);

    template <class Action>
    void drive(Action&& action);
    template <class Wish>
    void ask(Wish&& wish);
    void heed_wishes();
    void transmit(std::vector<outgoing> const& datagrams);
    void publish(std::vector<event> const& events);
    void arm(std::optional<time_point> deadline);
    void arm_check(std::optional<time_point> due);
    void check_stations();
    void hear(station& where, std::span<std::byte const> datagram, endpoint const& from);
    void hear_answer(std::span<std::byte const> datagram, send::mouth::heard const& heard);

    // These functions expect the mutex to be held.
    void renew();
    error_code watch_interfaces();
    error_code refresh_links();
    void close_stations();
    void tell_of_interfaces();

    asio::any_io_executor executor_;
    asio::strand<asio::any_io_executor> strand_;
    chart_config config_;
    std::vector<net::port_type> service_ports_;
    std::uint64_t id_;

    mutable std::mutex mutex_;
    std::unique_ptr<engine> engine_;
    station_set stations_;
    unreadable_data unreadable_;
    std::shared_ptr<net::interface_watcher> watcher_;
    std::vector<std::weak_ptr<event_queue>> readers_;
    std::vector<interface_obstacle> obstacles_; ///< That kept `open` from opening anything.
    std::optional<explained_error> ended_;
    bool opened_ = false;
    bool refresh_failed_ = false;
    bool asked_ = false; ///< The strand will look at what was asked of the engine.
    bool destroyed_ = false;

    std::atomic<bool> announcing_ = true;
    std::atomic<bool> replying_ = true;

    // These members belong to the strand.
    asio::steady_timer timer_; ///< Wakes the engine.
    asio::steady_timer end_;   ///< Never expires; cancelled when the chart ends.
    asio::steady_timer house_; ///< Between two rounds of housekeeping.
    net::sleep_watch sleep_;
    asio::steady_timer check_; ///< Of stations that may be unable to speak or to hear.
    std::optional<time_point> armed_;
    std::optional<time_point> check_armed_;
    bool running_ = false;
    std::uint64_t run_ = 0; ///< Counts how often the chart has ended.
};

/// Lets the engine do something, and then sends, tells and waits for what the engine wants.
template <class Action>
void chart_shell::drive(Action&& action)
{
    std::unique_lock lock(mutex_);
    if (auto const slept = sleep_.time_slept(); slept != slept.zero())
        engine_->wake_up(slept, clock::now());
    action(*engine_, clock::now());
    transmit(engine_->take_outgoing());
    publish(engine_->take_events());
    auto const deadline = ended_ ? std::nullopt : engine_->next_deadline();
    auto const check = ended_ ? std::nullopt : stations_.next_check();
    lock.unlock();
    arm(deadline);
    arm_check(check);
}

} // namespace rollcast::detail
