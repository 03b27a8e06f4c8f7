// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/chart_report.hpp"
#include "cli/options.hpp"

#include <rollcast/chart/chart.hpp>

namespace rollcast::cli {

/// A line for everything that happens, for people or for scripts.
class chart_lines final : public chart_report {
public:
    chart_lines(chart_options const& options, rollcast::chart const& about)
        : options_(options), about_(about)
    {
    }

    void started() override;
    void happened(event const& what) override;
    void complained(std::string const& line) override;
    void ended(chart_state const& last) override;

private:
    std::string at_present(std::string const& line) const;

    chart_options const& options_;
    rollcast::chart const& about_;
};

} // namespace rollcast::cli
