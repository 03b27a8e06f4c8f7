// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Announcements to the chart of instances, and the chart to the application.
///
/// What comes in: who this instance is and where to look. What goes out: which other instances
/// there are and how to reach them, at any time as a snapshot and over time as events. The chart
/// owns its sockets and tables; what it returns of other instances is a copy.
/// Threads: every member function of `chart` may be called from any thread.
///
///     rollcast::chart chart(context, {.service_ports = {8042}, .name = "my application"});
///     asio::co_spawn(context, chart.maintain(), rollcast::rethrow);

#include <rollcast/chart/chart.hpp>
#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/event.hpp>
#include <rollcast/chart/instance.hpp>
#include <rollcast/chart/notifications.hpp>
#include <rollcast/rethrow.hpp>
