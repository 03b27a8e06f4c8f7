// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

namespace rollcast::cli {

enum class style { plain, strong, faint, heading, good, doubtful, bad };

struct styled_text {
    std::string text{};
    style how = style::plain;
};

/// A line of the screen, from left to right.
using styled_line = std::vector<styled_text>;

/// In cells.
struct extent {
    std::size_t rows = 0;
    std::size_t columns = 0;
};

} // namespace rollcast::cli
