// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart.hpp>

#include <string>
#include <vector>

namespace rollcast::cli {

/// What a chart had come to when it was ended.
struct chart_state {
    std::vector<instance> instances{};
    chart_counters counters{};
};

/// Tells what a chart does, in whatever form.
class chart_report {
public:
    virtual ~chart_report() = default;

    virtual void started() = 0;
    virtual void happened(event const& what) = 0;
    virtual void complained(std::string const& line) = 0;
    virtual void ended(chart_state const& last) = 0;
};

} // namespace rollcast::cli
