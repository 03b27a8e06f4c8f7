// SPDX-License-Identifier: BSL-1.0
#include "chart/targets.hpp"

#include <algorithm>

namespace rollcast::bench {
namespace {

constexpr double ms = 1000;

constexpr std::array lines{
    line{"multicasts/s of the segment",
         &figures::multicasts,
         2,
         1,
         {0.2, 0.2, 0.2, 0.3},
         {0.3, 0.5, 0.7, 1.0}},
    line{"received/s per instance", &figures::received, 2, 1, {1.5, 1.5, 1.5, 2}, {2, 2, 2, 3}},
    line{"newcomer charted by all, ms",
         &figures::charted,
         0,
         ms,
         {1, 1, 1, 1},
         {150, 150, 200, 300}},
    line{"multicasts in 10 s of a join",
         &figures::join_multicasts,
         0,
         1,
         {15, 15, 15, 20},
         {15, 15, 15, 20}},
    line{"mass start complete, s",
         &figures::mass_start,
         2,
         1,
         {0.3, 0.5, 4, unknown},
         {0.6, 1, 9, unknown}},
    line{"gone, after the crash, s",
         &figures::gone_after_crash,
         2,
         1,
         {10, 10, 10, 10},
         {10, 10, 10, 10}},
    line{"gone, after the last sign, s",
         &figures::gone_after_last_sign,
         2,
         1,
         {10, 10, 10, 10},
         {10, 10, 10, 10}},
    line{"falsely called gone", &figures::false_gone, 0, 1, {0, 0, 0, 0}, {0, 0, 0, 0}},
};

} // namespace

std::span<line const> table_lines() noexcept
{
    return lines;
}

double target(line const& which, std::size_t size, double loss) noexcept
{
    auto const at = std::ranges::find(table_sizes, size);
    if (at == table_sizes.end())
        return unknown;
    auto const& all = loss == 0 ? which.lossless : which.lossy;
    return all[static_cast<std::size_t>(at - table_sizes.begin())];
}

} // namespace rollcast::bench
