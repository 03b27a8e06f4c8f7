// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/chart_lines.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>

namespace rollcast::cli {

/// The chart as a table on the terminal; null where standard output is no terminal that can show
/// one. `quit` is called when the user has seen enough. Only where `has_live_table`.
std::shared_ptr<chart_report> open_live_report(asio::any_io_executor executor,
                                               chart_options const& options,
                                               rollcast::chart const& about,
                                               std::function<void()> quit);

} // namespace rollcast::cli
