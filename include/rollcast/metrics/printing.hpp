// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>
#include <rollcast/metrics/delta.hpp>
#include <rollcast/metrics/environment.hpp>
#include <rollcast/metrics/json_lines.hpp>
#include <rollcast/metrics/process.hpp>
#include <rollcast/metrics/rates.hpp>
#include <rollcast/metrics/snapshot.hpp>

#include <iosfwd>
#include <string>

/// The values of metrics as text for people, "{packets_received: 7, ...}"; any thread.
///
/// Every member by its name. What a program is to read should be written as JSON lines instead.
namespace rollcast::metrics {

ROLLCAST_EXPORT std::string to_string(moment const& value);
ROLLCAST_EXPORT std::string to_string(subscription_counters const& value);
ROLLCAST_EXPORT std::string to_string(receiver_counters const& value);
ROLLCAST_EXPORT std::string to_string(publication_counters const& value);
ROLLCAST_EXPORT std::string to_string(sender_counters const& value);
ROLLCAST_EXPORT std::string to_string(subscription_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(receiver_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(publication_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(sender_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(subscription_delta const& value);
ROLLCAST_EXPORT std::string to_string(receiver_delta const& value);
ROLLCAST_EXPORT std::string to_string(publication_delta const& value);
ROLLCAST_EXPORT std::string to_string(sender_delta const& value);
ROLLCAST_EXPORT std::string to_string(process_usage const& value);
ROLLCAST_EXPORT std::string to_string(process_snapshot const& value);
ROLLCAST_EXPORT std::string to_string(process_delta const& value);
ROLLCAST_EXPORT std::string to_string(receive_rates const& value);
ROLLCAST_EXPORT std::string to_string(send_rates const& value);
ROLLCAST_EXPORT std::string to_string(json_lines_config const& value);
ROLLCAST_EXPORT std::string to_string(summary_options const& value);

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, moment const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sender_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sender_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sender_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, process_usage const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, process_snapshot const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, process_delta const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receive_rates const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_rates const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, json_lines_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, summary_options const& value);

} // namespace rollcast::metrics
