// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Files of samples as JSON lines, what this process uses, and the environment variables that ask
/// for both.
///
/// What comes in: snapshots and deltas of `rollcast/metrics.hpp`. What goes out: a header line, and
/// a line for each sample. A component of its own, because it needs Boost.JSON:
/// `find_package(rollcast COMPONENTS metrics_files)`, and
/// `target_link_libraries(my_program PRIVATE rollcast::metrics_files)`.

#include <rollcast/metrics.hpp>
#include <rollcast/metrics_files/environment.hpp>
#include <rollcast/metrics_files/json_lines.hpp>
#include <rollcast/metrics_files/process.hpp>
