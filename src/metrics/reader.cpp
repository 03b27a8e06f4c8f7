// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics/snapshot.hpp>

#include "metrics/reader_source.hpp"

namespace rollcast::metrics {

template <class Snapshot>
Snapshot reader<Snapshot>::snapshot() const
{
    return from_->take();
}

template class reader<subscription_snapshot>;
template class reader<receiver_snapshot>;
template class reader<publication_snapshot>;
template class reader<sender_snapshot>;
template class reader<chart_snapshot>;

} // namespace rollcast::metrics
