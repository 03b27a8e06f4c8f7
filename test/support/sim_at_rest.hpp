// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/sim_printing.hpp"
#include "support/sim_seed.hpp"
#include "support/sim_times.hpp"
#include "support/simulated_network.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace rollcast::test {

/// Lets a network that has settled alone, and checks that it stays calm, whatever its form: no
/// event of anybody; no more than four multicasts a second on a link, of which there are so many
/// wires; and where nobody is to be missed sooner than in three seconds, no more than six datagrams
/// a second for each link of an instance, beyond that in proportion.
inline void check_calm(simulated_network& net, std::size_t wires,
                       std::chrono::milliseconds detection,
                       duration how_long = std::chrono::minutes(10) / shortening())
{
    std::uint64_t multicasts = 0;
    net.observe([&](std::size_t, detail::outgoing const& what) { multicasts += !what.to; });
    std::vector<std::uint64_t> before;
    for (std::size_t who = 0; who < net.count(); ++who)
        before.push_back(net.traffic_of(who).received);
    auto const since = net.now();
    net.run_for(how_long);
    net.observe({});
    BOOST_TEST(per_second(multicasts, how_long) <= 4.0 * static_cast<double>(wires));
    auto const hurry = std::max(1.0, 3000.0 / static_cast<double>(detection.count()));
    for (std::size_t who = 0; who < net.count(); ++who) {
        if (!net.is_running(who))
            continue;
        auto const received = net.traffic_of(who).received - before[who];
        auto const links = net.engine(who).segments().size();
        BOOST_TEST(per_second(received, how_long) <= 6 * hurry * static_cast<double>(links),
                   "chart " << who << " receives " << per_second(received, how_long)
                            << " datagrams a second on " << links << " links");
        for (auto const& each : net.events(who))
            if (each.at >= since)
                BOOST_ERROR("chart " << who << " is told " << each.what.kind << " of "
                                     << each.what.who.id);
    }
}

} // namespace rollcast::test
