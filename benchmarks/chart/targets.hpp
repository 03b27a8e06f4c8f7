// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/trial.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace rollcast::bench {

/// The sizes and losses of the table; targets are set for the first and the last loss.
inline constexpr std::array<std::size_t, 4> table_sizes{10, 100, 1000, 10000};
inline constexpr std::array table_losses{0.0, 0.1, 0.3};

/// One line of the table: something measured, and what it may amount to.
struct line {
    std::string_view name;
    double figures::* value;
    int decimals;
    double scale;                   ///< From seconds to what the table is in.
    std::array<double, 4> lossless; ///< By size; `unknown` where it is only measured.
    std::array<double, 4> lossy;
};

std::span<line const> table_lines() noexcept;

/// With 10 percent loss nothing may be worse than with 30.
double target(line const& which, std::size_t size, double loss) noexcept;

} // namespace rollcast::bench
