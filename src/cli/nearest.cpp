// SPDX-License-Identifier: BSL-1.0
#include "cli/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace rollcast::cli {
namespace {

/// How many letters have to be added, left out, replaced, or swapped with their neighbour.
std::size_t slips(std::string_view from, std::string_view to)
{
    std::vector<std::size_t> earlier, before(to.size() + 1), row;
    std::iota(before.begin(), before.end(), 0);
    for (std::size_t i = 0; i < from.size(); ++i) {
        row.assign(1, i + 1);
        for (std::size_t j = 0; j < to.size(); ++j) {
            auto const replaced = before[j] + (from[i] == to[j] ? 0 : 1);
            row.push_back(std::min({row[j] + 1, before[j + 1] + 1, replaced}));
            bool const swapped = i > 0 && j > 0 && from[i] == to[j - 1] && from[i - 1] == to[j];
            if (swapped)
                row.back() = std::min(row.back(), earlier[j - 1] + 1);
        }
        earlier = std::exchange(before, row);
    }
    return before.back();
}

} // namespace

std::string nearest(std::string_view typed, std::vector<std::string> const& known)
{
    constexpr std::size_t longest = 100; // nobody has meant what is longer
    if (typed.size() > longest)
        return {};
    std::string best;
    auto least = std::min<std::size_t>(typed.size() / 3, 2) + 1;
    for (auto const& each : known) {
        // What is begun rightly was not finished.
        bool const begun = typed.size() >= 4 && each.starts_with(typed);
        auto const distance = begun ? std::size_t{1} : slips(typed, each);
        if (distance < least) {
            least = distance;
            best = each;
        }
    }
    return best;
}

} // namespace rollcast::cli
