// SPDX-License-Identifier: BSL-1.0
#include <rollcast/metrics.hpp>

#include "detail/printing.hpp"

#include <ostream>

namespace rollcast {

ROLLCAST_PRINTED(receive_counters)
ROLLCAST_PRINTED(send_counters)
ROLLCAST_PRINTED(chart_counters)

} // namespace rollcast

namespace rollcast::metrics {

ROLLCAST_PRINTED(moment)
ROLLCAST_PRINTED(subscription_counters)
ROLLCAST_PRINTED(receiver_counters)
ROLLCAST_PRINTED(publication_counters)
ROLLCAST_PRINTED(sender_counters)
ROLLCAST_PRINTED(subscription_snapshot)
ROLLCAST_PRINTED(receiver_snapshot)
ROLLCAST_PRINTED(publication_snapshot)
ROLLCAST_PRINTED(sender_snapshot)
ROLLCAST_PRINTED(subscription_delta)
ROLLCAST_PRINTED(receiver_delta)
ROLLCAST_PRINTED(publication_delta)
ROLLCAST_PRINTED(sender_delta)
ROLLCAST_PRINTED(chart_snapshot)
ROLLCAST_PRINTED(chart_delta)
ROLLCAST_PRINTED(receive_rates)
ROLLCAST_PRINTED(send_rates)

} // namespace rollcast::metrics
