// SPDX-License-Identifier: BSL-1.0
#include "detail/printing.hpp"

#include <rollcast/metrics_files.hpp>

#include <ostream>

namespace rollcast::metrics {

ROLLCAST_PRINTED(process_usage)
ROLLCAST_PRINTED(process_snapshot)
ROLLCAST_PRINTED(process_delta)
ROLLCAST_PRINTED(json_lines_config)
ROLLCAST_PRINTED(summary_options)

} // namespace rollcast::metrics
