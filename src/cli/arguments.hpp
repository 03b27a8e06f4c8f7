// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

/// What people type, before the parser of options sees it: it knows no word that is nearly right,
/// and fills positional arguments from left to right whatever they are.
namespace rollcast::cli {

using words = std::vector<std::string>;

/// `help` and `help chart` as `--help` and `chart --help`.
words with_help_as_option(words typed);

/// 239.1.1.1:5000 and [ff15::1]:5000, where GROUP stands, as group and port; [ff15::1] without
/// its brackets.
words with_split_destination(CLI::App const& root, words typed);

/// Throws a problem for a command or an option that there is not, with the nearest one there is,
/// for an option without its value, and for a flag with one.
void refuse_unknown(CLI::App const& root, words const& typed);

/// "use recv, send, chart or doctor"
std::string which_commands(CLI::App const& root);

} // namespace rollcast::cli
