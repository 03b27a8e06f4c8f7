// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics_files/process.hpp>

#include <boost/json/object.hpp>

namespace rollcast::metrics {

// Samples as files have them: the fields of `heimdall-jsonl-v1` and no others.

boost::json::object to_sample(receiver_snapshot const& now, receiver_delta const& since);
boost::json::object to_sample(sender_snapshot const& now, sender_delta const& since);
boost::json::object to_sample(process_delta const& since);

} // namespace rollcast::metrics
