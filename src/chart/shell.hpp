// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/environment.hpp"
#include "chart/event_queue.hpp"
#include "chart/sleep_watch.hpp"
#include "chart/unreadable_data.hpp"
#include "metrics/recorder.hpp"
#include "protocol/engine.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rollcast::detail {

/// The rim of a chart: carrier, clock, alarm and threads around the engine.
///
/// The mutex guards the engine, so that any thread may ask; what waits, waits on the strand.
class chart_shell final : public carrier_listener,
                          public std::enable_shared_from_this<chart_shell> {
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
    metrics::chart_reader enable_metrics();
    std::size_t observers() const;

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
    static asio::awaitable<void> serve(std::shared_ptr<chart_shell> self, bool silent);
    static asio::awaitable<void> farewell(std::shared_ptr<chart_shell> self);
    static asio::awaitable<void> leave_on_strand(std::shared_ptr<chart_shell> self);

    void hear(std::span<std::byte const> datagram, arrival const& from) override;
    void links_changed() override;
    void reported() override;
    void recovered() override;

    bool is_destroyed() const;
    bool is_leaving() const;
    void begin(bool silent);
    void stop(explained_error const& why);

    template <class Action>
    void drive(Action&& action);
    template <class Wish>
    void ask(Wish&& wish);
    void heed_wishes();
    void arm(std::optional<time_point> deadline);

    // These functions expect the mutex to be held.
    void renew();
    void take_links();
    void transmit(std::vector<outgoing> const& datagrams);
    void publish(std::vector<event> const& events);
    void tell_of_interfaces();
    void share_metrics();
    metrics::chart_record measure() const;

    asio::any_io_executor executor_;
    asio::strand<asio::any_io_executor> strand_;
    chart_config config_;
    std::shared_ptr<chart_environment> world_;
    std::vector<net::port_type> service_ports_;
    std::uint64_t id_;

    mutable std::mutex mutex_;
    std::unique_ptr<engine> engine_;
    std::shared_ptr<carrier> carrier_; ///< Of this life, or of the last one.
    unreadable_data unreadable_;
    metrics::recorder<metrics::chart_record> metrics_;
    sleep_watch sleep_;
    std::vector<std::weak_ptr<event_queue>> readers_;
    std::vector<interface_obstacle> obstacles_; ///< That kept `open` from opening anything.
    std::optional<explained_error> ended_;
    bool opened_ = false;
    bool asked_ = false; ///< The strand will look at what was asked of the engine.
    bool destroyed_ = false;

    std::atomic<bool> announcing_ = true;
    std::atomic<bool> replying_ = true;

    // These members belong to the strand.
    std::unique_ptr<chart_environment::alarm> alarm_; ///< Wakes the engine.
    std::optional<time_point> armed_;
    asio::steady_timer end_;    ///< Never expires; cancelled when the chart ends.
    asio::steady_timer silent_; ///< Never expires; cancelled when all goodbyes are said.
    bool running_ = false;
};

/// Lets the engine do something, and then sends, tells and waits for what the engine wants.
template <class Action>
void chart_shell::drive(Action&& action)
{
    std::unique_lock lock(mutex_);
    if (auto const slept = sleep_.time_slept(world_->time_asleep()); slept != slept.zero())
        engine_->wake_up(slept, world_->now());
    action(*engine_, world_->now());
    transmit(engine_->take_outgoing());
    publish(engine_->take_events());
    share_metrics();
    auto const deadline = ended_ ? std::nullopt : engine_->next_deadline();
    bool const says_goodbye = engine_->is_leaving();
    lock.unlock();
    arm(deadline);
    if (!says_goodbye)
        silent_.cancel();
}

} // namespace rollcast::detail
