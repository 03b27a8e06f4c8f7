// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/event.hpp>
#include <rollcast/chart/instance.hpp>
#include <rollcast/chart/interface_obstacle.hpp>
#include <rollcast/chart/notifications.hpp>
#include <rollcast/chart/service.hpp>
#include <rollcast/export.hpp>
#include <rollcast/net/printing.hpp>

#include <iosfwd>
#include <string>

/// The values of this room as text, for people; any thread. The form may change with any version:
/// nothing should parse it.
namespace rollcast {

ROLLCAST_EXPORT std::string to_string(chart_config const& value);
ROLLCAST_EXPORT std::string to_string(event_kind value);
ROLLCAST_EXPORT std::string to_string(event const& value); ///< "found 9 at 10.0.0.2:8042: its data"
ROLLCAST_EXPORT std::string to_string(instance_state value);
ROLLCAST_EXPORT std::string
to_string(instance const& value); ///< "9 alive at 10.0.0.2:8042: its data"
ROLLCAST_EXPORT std::string to_string(service const& value);   ///< "http=8042"
ROLLCAST_EXPORT std::string to_string(reachable const& value); ///< "9 at 10.0.0.2:8042"

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, chart_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, event_kind value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, event const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, instance_state value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, instance const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, reachable const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, service const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, interface_obstacle const& value);

} // namespace rollcast
