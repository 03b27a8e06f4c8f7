// SPDX-License-Identifier: BSL-1.0
#include "protocol/onlookers.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

constexpr auto remembered_for = std::chrono::minutes(1);
constexpr std::size_t most_seen = 256; ///< Lives may be forged; those heard first make room.

} // namespace

void onlookers::note(life_id const& who, time_point now)
{
    std::erase_if(seen_, [&](auto const& each) {
        return each.first == who || now - each.second >= remembered_for;
    });
    if (seen_.size() == most_seen)
        seen_.erase(seen_.begin());
    seen_.emplace_back(who, now);
}

std::size_t onlookers::count(time_point now) const noexcept
{
    return static_cast<std::size_t>(std::ranges::count_if(
        seen_, [&](auto const& each) { return now - each.second < remembered_for; }));
}

} // namespace rollcast::detail
