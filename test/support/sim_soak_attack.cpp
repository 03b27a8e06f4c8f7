// SPDX-License-Identifier: BSL-1.0
#include "support/sim_soak_attack.hpp"

#include <chrono>

namespace rollcast::test {
namespace {

using std::chrono::milliseconds;

constexpr double attacked = 0.1;
constexpr std::size_t most_attacks = 6;
constexpr std::size_t most_at_once = 60;
constexpr auto longest_pause = milliseconds(100);

} // namespace

void soak_attack::overhear(detail::outgoing const& what)
{
    if (!what.to)
        enemy_.overhear(what.bytes);
}

void soak_attack::plan(unsigned segments, milliseconds how_long)
{
    segments_ = segments;
    begun_ = dice_.chance(attacked);
    for (auto left = begun_ ? 1 + dice_.below(most_attacks) : 0; left > 0; --left)
        net_.after(dice_.between(milliseconds(1000), how_long),
                   [this] { strike(1 + dice_.below(most_at_once)); });
}

void soak_attack::strike(std::size_t times)
{
    auto const segment = static_cast<unsigned>(dice_.below(segments_));
    auto const who = dice_.below(net_.count());
    if (dice_.chance(0.5))
        net_.forge_to_all(segment, enemy_.next_for_all(), enemy_.source());
    else if (net_.is_running(who) && net_.is_on(who, segment))
        net_.forge(who, enemy_.next(), enemy_.from(net_.link_of(who, segment)));
    if (times > 1)
        net_.after(dice_.between(milliseconds(0), longest_pause),
                   [this, times] { strike(times - 1); });
}

} // namespace rollcast::test
