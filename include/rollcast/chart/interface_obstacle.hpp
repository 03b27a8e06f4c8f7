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

/// An interface that a chart wants to use and cannot, in one IP version or at all.
struct interface_obstacle {
    net::interface_info interface{}; ///< Of one that is not there, only the name that it was given.
    asio::ip::address group{};       ///< That cannot be met there; unspecified if none can.
    error_code why{};
};
BOOST_DESCRIBE_STRUCT(interface_obstacle, (), (interface, group, why))

ROLLCAST_EXPORT std::string
to_string(interface_obstacle const& value); ///< "eth0: the interface is down; ..."

/// What kept a chart of this configuration from opening, with what each interface lacks.
ROLLCAST_EXPORT std::string explain(chart_config const& config, error_code const& ec,
                                    std::span<interface_obstacle const> obstacles);

} // namespace rollcast
