// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "carrier/carrier.hpp"
#include "carrier/multicast/station_set.hpp"

#include <rollcast/net/interface_watcher.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace rollcast::detail {

/// Carries the datagrams of a chart by multicast and unicast on the interfaces of this host, and
/// follows these as they come and go.
class multicast_carrier final : public carrier,
                                public std::enable_shared_from_this<multicast_carrier> {
public:
    /// @param executor  Runs one handler at a time, such as a strand.
    multicast_carrier(asio::any_io_executor executor, chart_config config);

    error_code open() override;
    void attend(std::weak_ptr<carrier_listener> listener) override;
    void close() override;

    std::vector<link> links() const override;
    net::port_type discovery_port() const override;
    tally send(std::span<outgoing const> datagrams) override;
    std::vector<event> take_reports() override;
    std::vector<net::interface_info> interfaces() const override;
    std::vector<net::group> groups() const override;
    std::vector<interface_obstacle> obstacles() const override;

private:
    using self_pointer = std::shared_ptr<multicast_carrier>;

    // Coroutines own the carrier they work on.
    static asio::awaitable<void> hear_group(self_pointer self, std::shared_ptr<station> where);
    static asio::awaitable<void> hear_answers(self_pointer self, std::shared_ptr<send::mouth> by);
    static asio::awaitable<void> watch(self_pointer self);
    static asio::awaitable<void> keep_house(self_pointer self);
    asio::awaitable<void> renew_memberships();
    asio::awaitable<void> pause();

    void hear(station& where, std::span<std::byte const> datagram, endpoint const& from);
    void hear_answer(std::span<std::byte const> datagram, send::mouth::heard const& heard);
    void tell(std::span<std::byte const> datagram, arrival const& from);
    error_code watch_interfaces();
    void interfaces_changed();
    bool is_closed() const;
    bool has_to_retry() const;
    void listen_everywhere();
    void plan_check();
    void arm_check();
    void check_stations();

    asio::any_io_executor executor_;
    chart_config const config_;
    std::weak_ptr<carrier_listener> listener_;
    std::shared_ptr<net::interface_watcher> watcher_;

    mutable std::mutex mutex_; ///< Guards the members up to the next blank line.
    station_set stations_;
    bool refresh_failed_ = false;
    bool check_planned_ = false; ///< `arm_check` will be called.
    std::optional<time_point> check_armed_;
    bool closed_ = false;

    // These timers belong to the executor.
    asio::steady_timer house_; ///< Between two rounds of housekeeping.
    asio::steady_timer check_; ///< Of stations that may be unable to speak or to hear.
};

} // namespace rollcast::detail
