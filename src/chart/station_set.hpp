// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/station.hpp"

#include <memory>
#include <string>
#include <vector>

namespace rollcast::detail {

/// The stations of a chart: one for each link and IP version it works on just now.
class station_set {
public:
    station_set(asio::any_io_executor executor, chart_config const& config);

    /// Keeps the stations that are still wanted, opens new ones, and closes the rest. At first at
    /// least one has to open; later on a chart may be without any for a while.
    error_code refresh(bool at_first);
    void close();

    /// The links that have a station, and the names of their interfaces.
    std::vector<link> const& links() const noexcept { return links_; }
    std::vector<std::string> const& names() const noexcept { return names_; }
    std::vector<net::group> groups() const; ///< IPv4 first.
    std::vector<std::shared_ptr<station>> const& all() const noexcept { return stations_; }

    struct tally {
        std::size_t sent = 0;
        std::size_t failed = 0;
    };

    /// Sends to one host, or to the group by every station of the link.
    tally send(outgoing const& datagram);

private:
    using stations = std::vector<std::shared_ptr<station>>;

    net::port_type mouth_port(unsigned link_index, bool v4) const;
    error_code refresh_stations(std::vector<net::interface_info> const& interfaces, bool at_first);
    error_code open(net::interface_info const& interface, net::group const& group,
                    std::shared_ptr<station>& into) const;
    std::shared_ptr<station> kept(net::interface_info const& interface,
                                  net::group const& group) const;

    asio::any_io_executor executor_;
    chart_config const& config_;
    stations stations_;
    std::vector<link> links_;
    std::vector<std::string> names_;
};

} // namespace rollcast::detail
