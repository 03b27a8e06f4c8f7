// SPDX-License-Identifier: BSL-1.0
#include "protocol/relays.hpp"

#include <algorithm>

namespace rollcast::detail {
namespace {

/// Relays at a time. Each costs a PING to its subject, and an ACK to the asker.
constexpr std::size_t most_waiting = 32;

} // namespace

void relays::expire(time_point now)
{
    std::erase_if(waiting_, [&](relay const& each) { return each.until <= now; });
}

bool relays::has_room(time_point now)
{
    expire(now);
    return waiting_.size() < most_waiting;
}

std::vector<relay> relays::take(identity const& who, time_point now)
{
    auto const answered = [&](relay const& each) {
        return each.subject == who.id && each.life == who.life;
    };
    std::vector<relay> taken;
    std::ranges::copy_if(waiting_, std::back_inserter(taken), answered);
    std::erase_if(waiting_, answered);
    expire(now);
    return taken;
}

} // namespace rollcast::detail
