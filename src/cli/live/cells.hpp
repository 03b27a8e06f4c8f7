// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text as a terminal shows it, where a character takes no cell, one, or two. What its locale
/// cannot show becomes a question mark.
namespace rollcast::cli {

std::size_t cells(std::string_view utf8);

/// Exactly so many cells: filled with blanks, or cut and marked as cut.
std::string fitted(std::string_view utf8, std::size_t width);
std::string fitted_right(std::string_view utf8, std::size_t width);

} // namespace rollcast::cli
