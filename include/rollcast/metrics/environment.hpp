// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/error/explained_error.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

namespace rollcast::metrics {

/// How a program is to report its metrics, as its environment says.
struct summary_options {
    std::chrono::duration<double> interval{}; ///< 0: not at all.
    std::filesystem::path file{};             ///< Empty: to people, and to no file.
    std::string node_id{};                    ///< Empty: inferred from the file.
    std::string extra_flags = "{}";           ///< A JSON object.
};
BOOST_DESCRIBE_STRUCT(summary_options, (), (interval, file, node_id, extra_flags))

// What the names of the variables begin with.
inline constexpr std::string_view receive_variables = "MCRX_METRICS_";
inline constexpr std::string_view send_variables = "MCTX_METRICS_";

/// Reads SUMMARY_SECS, SUMMARY_FILE, NODE_ID and FLAGS_JSON; an empty variable is as good as none.
///
/// Errors: `invalid_metrics_interval` for SUMMARY_SECS, `invalid_metrics_header` for FLAGS_JSON;
/// the message names the variable and its value.
ROLLCAST_EXPORT explained_result<summary_options> summary_from_environment(std::string_view prefix);

/// Decimal seconds, 0 to 1e9. Errors: `invalid_metrics_interval`.
ROLLCAST_EXPORT explained_result<std::chrono::duration<double>>
parse_summary_interval(std::string_view text);

} // namespace rollcast::metrics
