// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart.hpp>

#include <string>
#include <vector>

/// What a chart knows, in words that lines and tables share.
namespace rollcast::cli {

std::string to_string(event_kind kind);
std::string to_string(instance_state state);

/// Every address with every port; an instance without ports is still somewhere.
std::vector<std::string> endpoints(instance const& who);
/// The same for people, with the names of ports behind: `10.0.0.2:8042 (http)`.
std::vector<std::string> named_endpoints(instance const& who);

std::vector<std::string> addresses(net::interface_info const& interface);
std::vector<std::string> groups(rollcast::chart const& chart);

/// Whether an event tells the whole record of its instance.
bool carries_record(event_kind kind);
bool is_about_interface(event_kind kind);

/// An event on one line, for people.
std::string to_text(event const& what);

} // namespace rollcast::cli
