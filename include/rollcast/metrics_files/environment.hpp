// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>

namespace rollcast::metrics {

/// How a program is to report its metrics, as its environment says. The library only reads the
/// variables; to take and write samples is the program's part.
struct summary_options {
    std::chrono::duration<double> interval{}; ///< Seconds between reports; 0: no reports.
    std::filesystem::path file{};             ///< Empty: to people, and to no file.
    std::string node_id{};                    ///< Empty: `infer_node_id_from_path` of the file.
    std::string extra_flags = "{}";           ///< A JSON object, as in `json_lines_config`.
};
BOOST_DESCRIBE_STRUCT(summary_options, (), (interval, file, node_id, extra_flags))

// What the names of the variables begin with, for programs that receive and programs that send:
// "MCRX_METRICS_SUMMARY_SECS".
inline constexpr std::string_view receive_variables = "MCRX_METRICS_";
inline constexpr std::string_view send_variables = "MCTX_METRICS_";

/// Reads SUMMARY_SECS, SUMMARY_FILE, NODE_ID and FLAGS_JSON, each behind the prefix. A variable
/// that is empty or not set leaves the default of its member.
///
///     auto const options =
///         metrics::summary_from_environment(metrics::receive_variables).value();
///
/// It calls getenv(3): no other thread may set variables meanwhile.
/// Errors: `invalid_metrics_interval` for SUMMARY_SECS, `invalid_metrics_header` for FLAGS_JSON;
/// the message names the variable and its value.
ROLLCAST_EXPORT explained_result<summary_options> summary_from_environment(std::string_view prefix);

/// Reads decimal seconds, 0 to 1e9, such as "0.5": no exponent, unit or blanks.
/// Errors: `invalid_metrics_interval`.
ROLLCAST_EXPORT explained_result<std::chrono::duration<double>>
parse_summary_interval(std::string_view text);

ROLLCAST_EXPORT std::string to_string(summary_options const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, summary_options const& value);

} // namespace rollcast::metrics
