// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"

#include <rollcast/chart/chart.hpp>

namespace rollcast::cli {

/// Tells what a chart does, to people or to scripts.
class chart_report {
public:
    chart_report(chart_options const& options, rollcast::chart const& about)
        : options_(options), about_(about)
    {
    }

    void started() const;
    void happened(event const& what) const;
    void final_chart() const;

private:
    chart_options const& options_;
    rollcast::chart const& about_;
};

} // namespace rollcast::cli
