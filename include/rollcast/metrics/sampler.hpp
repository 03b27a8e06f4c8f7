// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics/process.hpp>

#include <optional>
#include <utility>

namespace rollcast::metrics {

/// Turns a row of snapshots of one object into the deltas between them.
///
///     metrics::sampler<metrics::receiver_snapshot> traffic;
///     if (auto const since = traffic.sample(reader.snapshot())) // every second
///         std::cout << metrics::rates(*since).bytes_per_sec;
///
/// For snapshots of all four kinds, and of the process. It holds one snapshot and has no timer of
/// its own. Threads: one at a time.
template <class Snapshot>
class sampler {
public:
    /// What happened since the snapshot before: none for the first, and none where `delta` has
    /// none, as for another object's snapshot. The next delta begins at this snapshot in any case.
    auto sample(Snapshot const& snapshot)
    {
        auto const earlier = std::exchange(previous_, snapshot);
        return earlier ? delta(*earlier, snapshot) : decltype(delta(*earlier, snapshot)){};
    }

    /// Forgets the snapshot before; the next one is a first one again.
    void reset() noexcept { previous_.reset(); }

    /// The snapshot that `sample` was called with last; none before the first and after `reset`.
    std::optional<Snapshot> const& previous() const noexcept { return previous_; }

private:
    std::optional<Snapshot> previous_;
};

} // namespace rollcast::metrics
