// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/network_interface.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

#include <span>
#include <string>

namespace rollcast {

struct chart_config;

/// An interface that a chart wants to use and cannot, in one IP version or at all. From
/// `chart::obstacles`, for programs that tell their users what to mend:
///
///     for (auto const& each : chart.obstacles())
///         std::cerr << each << '\n';
struct interface_obstacle {
    net::interface_info interface{}; ///< Of one that is not there, only the name that it was given.
    asio::ip::address group{};       ///< The group not met on it; unspecified if it meets none.
    error_code why{};                ///< Of rollcast, or what the system said.
};
BOOST_DESCRIBE_STRUCT(interface_obstacle, (), (interface, group, why))

ROLLCAST_EXPORT std::string
to_string(interface_obstacle const& value); ///< "eth0: the interface is down; ..."

/// What kept a chart of this configuration from opening, with what each interface lacks. Asks the
/// system for interfaces and owners of ports, so it is for the moment of the error and not cheap.
ROLLCAST_EXPORT std::string explain(chart_config const& config, error_code const& ec,
                                    std::span<interface_obstacle const> obstacles);

} // namespace rollcast
