// SPDX-License-Identifier: BSL-1.0
#include "protocol/shared_wires.hpp"

#include <algorithm>

namespace rollcast::detail {

bool shared_wires::hear(unsigned on, unsigned said_on, std::uint64_t counter, own_past const& past)
{
    auto const [low, high] = std::minmax(on, said_on);
    bool const known = are_one(low, high, past);
    std::erase_if(joints_, [&](joint const& each) { return each.low == low && each.high == high; });
    if (joints_.size() == capacity)
        joints_.erase(joints_.begin());
    joints_.push_back({low, high, said_on, counter});
    return !known;
}

bool shared_wires::are_one(unsigned a, unsigned b, own_past const& past) const noexcept
{
    auto const [low, high] = std::minmax(a, b);
    return std::ranges::any_of(joints_, [&](joint const& each) {
        return each.low == low && each.high == high &&
               past.said_since(each.counter, each.said_on) <= most_unheard;
    });
}

void shared_wires::forget(unsigned link)
{
    std::erase_if(joints_,
                  [&](joint const& each) { return each.low == link || each.high == link; });
}

} // namespace rollcast::detail
