// SPDX-License-Identifier: BSL-1.0
#include "cli/live/live_report.hpp"

// Where there is no ncurses.

namespace rollcast::cli {

std::shared_ptr<chart_report> open_live_report(asio::any_io_executor, chart_options const&,
                                               rollcast::chart const&, std::function<void()>)
{
    return nullptr;
}

} // namespace rollcast::cli
