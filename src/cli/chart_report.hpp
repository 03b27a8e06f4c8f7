// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/event.hpp>

#include <string>

namespace rollcast::cli {

/// Tells what a chart does, in whatever form.
class chart_report {
public:
    virtual ~chart_report() = default;

    virtual void started() = 0;
    virtual void happened(event const& what) = 0;
    virtual void complained(std::string const& line) = 0;
    virtual void ended() = 0; ///< Tells the chart as it is at last.
};

} // namespace rollcast::cli
