// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>

#include <vector>

namespace rollcast::detail {

/// Names in the configuration that no interface has, or, for local discovery, one that is not
/// loopback.
std::vector<interface_obstacle> wrong_names(chart_config const& config);

} // namespace rollcast::detail
