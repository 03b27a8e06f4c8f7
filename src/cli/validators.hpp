// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace rollcast::cli {

// What an option accepts; each refuses with one sentence that names the value and what would be
// right. Whole numbers are rewritten without leading zeros, which CLI11 would read as octal, so
// they go into `transform` rather than `check`.
CLI::Validator whole(std::uint64_t least, std::uint64_t most, std::string const& noun);
CLI::Validator decimal(double least, double most, std::string const& noun);
CLI::Validator address();
CLI::Validator port();
CLI::Validator port_range(); ///< `40000` or `40000-40015`.
CLI::Validator named_port(); ///< `8042` or `http=8042`.
CLI::Validator interface();

/// What `port_range` has let pass.
std::optional<net::port_range> read_port_range(std::string const& text);

/// A port, named or not, that `named_port` has let pass.
void add_port(chart_config& config, std::string const& text);

} // namespace rollcast::cli
