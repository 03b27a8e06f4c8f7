// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics_files/environment.hpp>

#include "error/explanation.hpp"
#include "metrics_files/json_text.hpp"

#include <charconv>
#include <cstdlib>

namespace rollcast::metrics {
namespace {

constexpr double longest_interval = 1e9;

std::string variable(std::string_view prefix, char const* name)
{
    auto const* const value = std::getenv((std::string(prefix) + name).c_str());
    return value ? value : "";
}

/// "NAME=value: what is wrong; what would be right"
explained_error about(std::string_view prefix, char const* name, error_code const& ec)
{
    auto const subject = std::string(prefix) + name + '=' + variable(prefix, name);
    return {ec, detail::explanation(subject, ec)};
}

} // namespace

explained_result<std::chrono::duration<double>> parse_summary_interval(std::string_view text)
{
    double seconds = 0;
    auto const* const end = text.data() + text.size();
    auto const [read_to, problem] =
        std::from_chars(text.data(), end, seconds, std::chars_format::fixed);
    bool const in_range = seconds >= 0 && seconds <= longest_interval; // which no NaN is
    if (problem != std::errc() || read_to != end || !in_range)
        return explained_error(
            error::invalid_metrics_interval,
            detail::explanation(detail::abridged(text), error::invalid_metrics_interval));
    return std::chrono::duration<double>(seconds);
}

explained_result<summary_options> summary_from_environment(std::string_view prefix)
{
    summary_options options;
    auto const interval = variable(prefix, "SUMMARY_SECS");
    auto const parsed = parse_summary_interval(interval.empty() ? "0" : interval);
    if (!parsed)
        return about(prefix, "SUMMARY_SECS", parsed.error());
    options.interval = *parsed;
    options.file = variable(prefix, "SUMMARY_FILE");
    options.node_id = variable(prefix, "NODE_ID");
    auto const flags = variable(prefix, "FLAGS_JSON");
    if (!flags.empty())
        options.extra_flags = flags;
    if (!parse_object(options.extra_flags))
        return about(prefix, "FLAGS_JSON", error::invalid_metrics_header);
    return options;
}

} // namespace rollcast::metrics
