// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/network_interface.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/describe/class.hpp>

namespace rollcast {

/// An interface that a chart wants to use and cannot, in one IP version or at all.
struct interface_obstacle {
    net::interface_info interface{};
    asio::ip::address group{}; ///< That cannot be met there; unspecified if none can.
    error_code why{};
};
BOOST_DESCRIBE_STRUCT(interface_obstacle, (), (interface, group, why))

} // namespace rollcast
