// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

namespace rollcast::bench {

/// One simulated network: so many instances on one link of one IP version, D = 10 s, delay 1 ms.
struct trial {
    /// Loss, and how long nothing happens before somebody joins, and somebody crashes.
    struct phase {
        double loss;
        std::chrono::seconds steady;
    };

    std::size_t instances = 0;
    std::uint64_t seed = 1;
    std::vector<phase> phases{}; ///< One after the other.
    bool complete = false;       ///< Starts with charts that know all; else all start together.
    bool mass_start_only = false;
};

/// Whatever has not come to pass in time takes for ever.
inline constexpr double never = std::numeric_limits<double>::infinity();

/// What was not measured.
inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// What became of it in one phase. Times are in seconds.
struct figures {
    double mass_start = unknown; ///< From the first start until all charts are complete.
    double multicasts = unknown; ///< Per second, of all together.
    double received = unknown;   ///< Datagrams per second and instance.
    double charted = unknown;    ///< From a newcomer's first datagram until all have charted it.
    double join_multicasts = unknown;      ///< In the 10 s after a start, beyond those at rest.
    double gone_after_crash = unknown;     ///< Until all call the victim gone.
    double gone_after_last_sign = unknown; ///< The same from the last datagram of the victim.
    double false_gone = unknown;           ///< Living instances called gone, by any chart.
    double observed = 0;                   ///< For so long they could be.
    /// Datagrams of each type per second, of all together, in the steady state.
    std::map<message_type, double> types{};
};

/// One for each of the phases.
std::vector<figures> run(trial const& what);

} // namespace rollcast::bench
