// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart.hpp>

#include <boost/asio/awaitable.hpp>

namespace rollcast::cli {

/// Opens it; throws a problem that names what is in the way.
asio::awaitable<void> open_chart(rollcast::chart& chart, chart_config const& config);

} // namespace rollcast::cli
