// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/snapshot.hpp>

namespace rollcast::metrics {

/// Where a reader has its snapshots from.
template <class Snapshot>
class reader<Snapshot>::source {
public:
    virtual ~source() = default;
    virtual Snapshot take() const = 0; ///< In any thread.
};

} // namespace rollcast::metrics
