// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Everything but rollcast/fmt.hpp and the components metrics_files and testing, for small
/// programs; larger ones include the headers below that they use.

#include <rollcast/announce.hpp>
#include <rollcast/chart.hpp>
#include <rollcast/error.hpp>
#include <rollcast/metrics.hpp>
#include <rollcast/net.hpp>
#include <rollcast/receive.hpp>
#include <rollcast/rethrow.hpp>
#include <rollcast/send.hpp>
