// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/printing.hpp>
#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/event.hpp>
#include <rollcast/chart/instance.hpp>
#include <rollcast/chart/interface_obstacle.hpp>
#include <rollcast/chart/notifications.hpp>
#include <rollcast/net/printing.hpp>

#include <iosfwd>
#include <string>

/// The values of this room as text, for people; any thread.
namespace rollcast {

std::string to_string(chart_config const& value);
std::string to_string(event_kind value);
std::string to_string(event const& value); ///< "found 9 at 10.0.0.2:8042: its data"
std::string to_string(instance_state value);
std::string to_string(instance const& value);  ///< "9 alive at 10.0.0.2:8042: its data"
std::string to_string(reachable const& value); ///< "9 at 10.0.0.2:8042"

std::ostream& operator<<(std::ostream& out, chart_config const& value);
std::ostream& operator<<(std::ostream& out, event_kind value);
std::ostream& operator<<(std::ostream& out, event const& value);
std::ostream& operator<<(std::ostream& out, instance_state value);
std::ostream& operator<<(std::ostream& out, instance const& value);
std::ostream& operator<<(std::ostream& out, reachable const& value);
std::ostream& operator<<(std::ostream& out, interface_obstacle const& value);

} // namespace rollcast
