// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/options.hpp"

#include <optional>
#include <string_view>

namespace rollcast::cli {

std::optional<std::uint64_t> read_number(std::string_view text);
std::optional<double> read_decimal(std::string_view text);
std::optional<asio::ip::address> read_address(std::string_view text);

/// Throws a problem that names the offending value if the configuration breaks a rule.
void check(subscription_config const& config);
void check(publication_config const& config);
void check(chart_config const& config);

} // namespace rollcast::cli
