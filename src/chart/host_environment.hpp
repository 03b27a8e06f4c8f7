// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/environment.hpp"

namespace rollcast::detail {

/// This host: its networks, its clocks, and its source of chance. One for all charts.
std::shared_ptr<chart_environment> host_environment();

} // namespace rollcast::detail
