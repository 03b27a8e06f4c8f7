// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net/network_interface.hpp>

#include <boost/describe/class.hpp>

namespace rollcast {

/// An interface that a chart wants to use and cannot, in one IP version or at all.
struct interface_obstacle {
    net::interface_info interface{};
    error_code why{};
};
BOOST_DESCRIBE_STRUCT(interface_obstacle, (), (interface, why))

} // namespace rollcast
