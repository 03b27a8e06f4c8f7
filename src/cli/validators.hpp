// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>

namespace rollcast::cli {

// What an option accepts; each refuses with one sentence that names the value and what would be
// right. Whole numbers are rewritten without leading zeros, which CLI11 would read as octal, so
// they go into `transform` rather than `check`.
CLI::Validator whole(std::uint64_t least, std::uint64_t most, std::string const& noun);
CLI::Validator decimal(double least, double most, std::string const& noun);
CLI::Validator address();
CLI::Validator port();
CLI::Validator interface();

} // namespace rollcast::cli
