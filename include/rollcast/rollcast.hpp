// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Everything, for small programs; larger ones include the doors they use.

#include <rollcast/announce.hpp>
#include <rollcast/chart.hpp>
#include <rollcast/error.hpp>
#include <rollcast/metrics.hpp>
#include <rollcast/net.hpp>
#include <rollcast/receive.hpp>
#include <rollcast/rethrow.hpp>
#include <rollcast/send.hpp>
