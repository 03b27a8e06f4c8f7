// SPDX-License-Identifier: BSL-1.0
#include "protocol/ring.hpp"

#include <algorithm>

namespace rollcast::detail {

bool can_hear(member const& who, link const& on) noexcept
{
    bool const by_loopback = on.is_loopback();
    return (on.speaks(true) && who.is_reached(true, by_loopback)) ||
           (on.speaks(false) && who.is_reached(false, by_loopback));
}

std::vector<member_ptr> ring::predecessors(roster& members, std::uint64_t position, link const& on,
                                           condition const& is_reliable, std::size_t wanted,
                                           bool asides_count)
{
    std::vector<member_ptr> chosen;
    std::size_t reliable = 0;
    std::size_t others = 0;
    auto* each = members.before(position);
    auto const steps = std::min(members.size(), longest_walk);
    for (std::size_t i = 0; i < steps && reliable < wanted; ++i, each = members.previous(*each)) {
        if (!can_hear(each->who(), on))
            continue;
        if (each->is_aside()) {
            reliable += asides_count;
            continue;
        }
        if (!each->is_proven() && others++ >= strangers)
            continue;
        chosen.push_back(each->pointer());
        reliable += each->is_proven() && is_reliable(*each);
    }
    return chosen;
}

std::size_t ring::rank(roster& members, std::uint64_t from, std::uint64_t to)
{
    auto const distance = to - from;
    std::size_t between = 0;
    auto* each = members.after(from);
    for (; each && between < watchers + 1 && between < members.size(); each = members.next(*each)) {
        auto const reached = each->who().position() - from;
        bool const round = reached == 0; // back at the member that stands at `from` itself
        if (round || reached > distance)
            break;
        ++between;
    }
    return between;
}

} // namespace rollcast::detail
