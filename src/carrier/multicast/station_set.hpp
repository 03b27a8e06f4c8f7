// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "carrier/carrier.hpp"
#include "carrier/multicast/station.hpp"
#include "protocol/clock.hpp"

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/event.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rollcast::detail {

/// The stations of a chart: one for each link and IP version it works on just now.
class station_set {
public:
    station_set(asio::any_io_executor executor, chart_config const& config);

    /// Keeps the stations that are still wanted, opens new ones, and closes the rest. At first at
    /// least one has to open, unless it may wait; later on a chart may be without any for a while.
    error_code refresh(bool at_first);
    void close();

    /// The links that have a station, and their interfaces.
    std::vector<link> const& links() const noexcept { return links_; }
    std::vector<net::interface_info> const& interfaces() const noexcept { return in_use_; }
    std::vector<net::group> groups() const; ///< IPv4 first.
    std::vector<std::shared_ptr<station>> const& all() const noexcept { return stations_; }

    /// Where the groups are heard: the port of the configuration, or a backup port.
    net::port_type discovery_port() const noexcept;

    /// What is wanted and cannot be used just now, or where nothing can be said or heard.
    std::vector<interface_obstacle> obstacles() const;

    /// Whether something is in the way that may pass without a report of the system.
    bool has_to_retry() const noexcept;

    /// When to call `check`; none while every station is well.
    std::optional<time_point> next_check() const noexcept;

    /// Looks after the stations that may be unable to speak or to hear; whether one of them has
    /// recovered, so that other instances may have missed what was said.
    bool check(time_point now);

    /// What has become of interfaces since the last call.
    std::vector<event> take_reports();
    bool has_reports() const noexcept { return !reports_.empty(); }

    /// Sends to one host, or to the group by every station of the link.
    carrier::tally send(outgoing const& datagram, time_point now);

    /// The mouths, which also hear what is sent to this chart alone: one for each IP version.
    std::vector<std::shared_ptr<send::mouth>> const& mouths() const noexcept { return mouths_; }

private:
    using stations = std::vector<std::shared_ptr<station>>;

    /// What can be opened on one port.
    struct attempt {
        stations opened{};
        std::vector<interface_obstacle> obstacles{};
        bool port_is_taken = false;
        std::array<error_code, 2> no_mouth{}; ///< Why there is none, for IPv6 and IPv4.
    };

    attempt try_port(std::vector<net::interface_info> const& interfaces, net::port_type port);
    attempt try_ports(std::vector<net::interface_info> const& interfaces);
    std::vector<net::interface_info> affordable(std::vector<net::interface_info> const& wanted,
                                                std::vector<interface_obstacle>& left_out) const;
    error_code open(net::interface_info const& interface, net::group const& group,
                    error_code& no_mouth, std::shared_ptr<station>& into);
    error_code give_mouth(station& to);
    error_code open_mouth(asio::ip::address const& group);
    std::shared_ptr<station> kept(net::interface_info const& interface,
                                  net::group const& group) const;
    net::port_type unicast_port(unsigned link_index, bool v4) const;
    bool note_health(station& where);
    void take_over(stations opened);
    void note_interfaces(std::vector<net::interface_info> const& wanted);
    void note_obstacles(std::vector<interface_obstacle> found);

    asio::any_io_executor executor_;
    chart_config const& config_;
    net::port_type port_ = 0; ///< Once it is decided.
    stations stations_;
    std::vector<std::shared_ptr<send::mouth>> mouths_; ///< Until the chart ends.
    std::vector<link> links_;
    std::vector<net::interface_info> in_use_;
    std::vector<interface_obstacle> obstacles_;
    std::vector<event> reports_;
};

} // namespace rollcast::detail
