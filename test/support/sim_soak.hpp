// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace rollcast::test {

struct soak_options {
    std::uint64_t seed = 1;             ///< Decides everything, together with the duration.
    std::chrono::seconds duration{120}; ///< Of the faults, on virtual time.
    /// Is told every fault, datagram and event, where given.
    std::function<void(std::string const&)> narrate{};
};

/// What was done to a network, and what its charts made of it.
struct soak_report {
    std::size_t instances = 0;
    std::size_t faults = 0;
    std::size_t events = 0;
    double loss = 0; ///< The most there was.
};

/// A network of 2 to 30 instances suffers loss, reordering, crashes, restarts, pauses, partitions
/// and worse, then is left in peace until its charts have to be complete and equal again.
///
/// Throws a `std::logic_error` that names the seed when they are not, or when a chart does what it
/// never may (`sim_invariants`).
soak_report soak(soak_options const& how);

/// What to run to see the same again.
std::string replay_command(soak_options const& how);

} // namespace rollcast::test
