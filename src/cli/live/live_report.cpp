// SPDX-License-Identifier: BSL-1.0
#include "cli/live/live_report.hpp"

#include "cli/live/live_chart.hpp"

#include <utility>

namespace rollcast::cli {

std::shared_ptr<chart_report> open_live_report(asio::any_io_executor executor,
                                               chart_options const& options,
                                               rollcast::chart const& about,
                                               std::function<void()> quit)
{
    return live_chart::open(std::move(executor), options, about, std::move(quit));
}

} // namespace rollcast::cli
