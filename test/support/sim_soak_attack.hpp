// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/sim_attacker.hpp"
#include "support/sim_dice.hpp"
#include "support/simulated_network.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rollcast::test {

/// Somebody on each wire of a soak who forges, replays, flips and cuts for some time, now and then;
/// in one of ten soaks. It has dice of its own, so that the others stay what they are without it.
class soak_attack {
public:
    soak_attack(simulated_network& net, std::uint64_t seed)
        : net_(net), dice_(seed ^ 0x61747461636b), enemy_(seed)
    {
    }

    void overhear(detail::outgoing const& what);
    /// From now on until then.
    void plan(unsigned segments, std::chrono::milliseconds how_long);
    bool has_begun() const noexcept { return begun_; }

private:
    void strike(std::size_t times);

    simulated_network& net_;
    sim_dice dice_;
    sim_attacker enemy_;
    unsigned segments_ = 1;
    bool begun_ = false;
};

} // namespace rollcast::test
