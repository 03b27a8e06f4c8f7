// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics/process.hpp>

#include <optional>
#include <utility>

namespace rollcast::metrics {

/// Turns a row of snapshots of one object into the deltas between them.
///
/// For snapshots of all four kinds, and of the process.
template <class Snapshot>
class sampler {
public:
    /// What happened since the snapshot before: none for the first, and none where `delta` has
    /// none. The snapshot is the next one's beginning in any case.
    auto sample(Snapshot const& snapshot)
    {
        auto const earlier = std::exchange(previous_, snapshot);
        return earlier ? delta(*earlier, snapshot) : decltype(delta(*earlier, snapshot)){};
    }

    /// Forgets the snapshot before; the next one is a first one again.
    void reset() noexcept { previous_.reset(); }

    std::optional<Snapshot> const& previous() const noexcept { return previous_; }

private:
    std::optional<Snapshot> previous_;
};

} // namespace rollcast::metrics
