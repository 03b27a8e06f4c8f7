// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace rollcast::cli {

// CLI11 2.1 does not let a subcommand's positional begin with a dash, not even behind "--".

/// The arguments without "--", those behind it marked where they begin with a dash.
std::vector<std::string> mark_dashes(int argc, char const* const* argv);

std::string without_dash_mark(std::string text);

} // namespace rollcast::cli
