// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/simulated_network.hpp"

#include "protocol/set_hash.hpp"

#include <algorithm>
#include <numeric>

namespace rollcast::test {

/// Instances that have known each other for a minute, all on one segment.
struct settled : simulated_network {
    explicit settled(std::uint64_t seed, conditions how = {}, std::size_t instances = 10)
        : simulated_network(seed)
    {
        add_segment(how);
        add_many(instances);
        start_all();
        run_for(std::chrono::minutes(1));
    }

    /// When `who` was told so about `about`, for the last time.
    time_point when(std::size_t who, std::uint64_t about, event_kind kind) const
    {
        time_point found{};
        for (auto const& each : events(who))
            if (each.what.who.id == about && each.what.kind == kind)
                found = each.at;
        return found;
    }

    /// All instances in the order of the ring.
    std::vector<std::size_t> ring() const
    {
        group_key const key{std::string()};
        std::vector<std::size_t> order(count());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::sort(order, {},
                          [&](std::size_t who) { return detail::ring_position(id(who), key); });
        return order;
    }
};

/// How often these instances were told so since then about anybody but `except`.
inline std::size_t times_told_since(simulated_network const& net, event_kind kind, time_point since,
                                    std::uint64_t except = 0)
{
    std::size_t times = 0;
    for (std::size_t who = 0; who < net.count(); ++who)
        for (auto const& each : net.events(who))
            times += each.at >= since && each.what.kind == kind && each.what.who.id != except;
    return times;
}

} // namespace rollcast::test
