// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"

#include <rollcast/chart.hpp>
#include <rollcast/chart/chart.hpp>

#include <string>
#include <vector>

/// What a chart knows, in words that lines and tables share.
namespace rollcast::cli {

/// Every address with every port; an instance without ports is still somewhere.
std::vector<std::string> endpoints(instance const& who);
/// The same for people, with the names of ports behind: `10.0.0.2:8042 (http)`.
std::vector<std::string> named_endpoints(instance const& who);

std::vector<std::string> addresses(net::interface_info const& interface);
std::vector<std::string> groups(rollcast::chart const& chart);

/// The IP versions that are wanted and not met in, each with the reason; none where nothing is met.
std::vector<std::string> groups_not_met(chart_config const& config, rollcast::chart const& chart);

/// "on eth0, meeting in 239.255.42.98:8080", or that there is nothing to meet on.
std::string whereabouts(chart_options const& options, rollcast::chart const& chart);

/// Whether an event tells the whole record of its instance.
bool carries_record(event_kind kind);
bool is_about_interface(event_kind kind);

/// An event on one line, for people.
std::string to_text(event const& what);

/// "9 of 12 datagrams could not be sent; ..."
std::string not_sent(chart_counters const& counters);

} // namespace rollcast::cli
