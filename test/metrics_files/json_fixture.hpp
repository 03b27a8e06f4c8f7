// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "metrics_files/folder.hpp"

#include <rollcast/metrics_files/json_lines.hpp>

#include <string_view>

namespace rollcast::test {

inline metrics::json_lines_config config_for(std::filesystem::path const& path)
{
    metrics::json_lines_config config;
    config.path = path;
    config.node_id = "node";
    return config;
}

inline metrics::json_lines_writer opened(metrics::json_lines_config const& config)
{
    return metrics::json_lines_writer::open(config).value();
}

inline error_code problem_of(metrics::json_lines_config const& config)
{
    return metrics::json_lines_writer::open(config).error();
}

inline metrics::json_lines_config about(std::string_view artifact,
                                        std::filesystem::path const& path)
{
    auto config = config_for(path);
    config.artifact_type = artifact;
    return config;
}

} // namespace rollcast::test
