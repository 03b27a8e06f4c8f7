// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/live/styled_line.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rollcast::cli {

/// What the table says of one instance.
struct table_row {
    std::string id{};
    std::string state{};
    style state_style = style::plain;
    std::vector<std::string> endpoints{}; ///< Best first.
    std::string data{};
    std::string age{};
    std::string since{};
};

/// How wide each column is where these rows are to stand side by side; where the screen is too
/// narrow for all of them, the last ones are left out.
class columns {
public:
    columns(std::vector<table_row> const& rows, std::size_t width);

    styled_line heading() const;
    styled_line line_of(table_row const& row) const;

private:
    void share(std::size_t left, std::size_t endpoints, std::size_t first, std::size_t data);

    std::size_t width_;
    std::size_t id_ = 2;
    std::size_t endpoints_ = 0;
    std::size_t data_ = 0;
    bool has_data_ = false;
    bool has_age_ = false;
    bool has_since_ = false;
};

} // namespace rollcast::cli
