// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/option_groups.hpp"

#include <string>

namespace rollcast::cli {

/// The options that say where a chart looks for others, for whom, and how soon it misses them.
class chart_place {
public:
    void add_to(CLI::App& app, chart_config& config);
    void finish(chart_config& config) const;

private:
    meeting_groups groups_;
    interface_group interfaces_;
    interface_group excluded_;
    std::string unicast_port_;
    double detection_time_ = 10;
};

} // namespace rollcast::cli
