// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/process.hpp>

namespace rollcast::os {

/// What this process uses, all its threads together.
result<metrics::process_usage> read_process_usage();

} // namespace rollcast::os
