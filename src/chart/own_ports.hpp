// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>

#include <string>
#include <vector>

// What a configuration says of the own ports, as a record tells it: unnamed ports first.

namespace rollcast::detail {

std::vector<net::port_type> service_ports_of(chart_config const& config);
std::vector<std::string> port_names_of(chart_config const& config);

/// The name of a service for which validation failed with this error; empty if it was not
/// about a name.
std::string offending_port_name(chart_config const& config, error_code const& ec);

} // namespace rollcast::detail
