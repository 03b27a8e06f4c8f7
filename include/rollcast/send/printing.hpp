// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>
#include <rollcast/net/printing.hpp>
#include <rollcast/net/time.hpp>
#include <rollcast/send/egress_event.hpp>
#include <rollcast/send/network_error.hpp>
#include <rollcast/send/publication_config.hpp>
#include <rollcast/send/send_report.hpp>
#include <rollcast/send/send_time.hpp>

#include <iosfwd>
#include <string>

/// What a program sends, and what becomes of it, as text for people; any thread. Of errors the text
/// has the message; the explanation with the value and what would be right is in the exception, or
/// comes from `explain`.
namespace rollcast {

ROLLCAST_EXPORT std::string to_string(publication_config const& value);
ROLLCAST_EXPORT std::string
to_string(send_report const& value); ///< "12 bytes, 10.0.0.1:4000 > 239.1.1.1:5000"
ROLLCAST_EXPORT std::string to_string(send_failure const& value);
ROLLCAST_EXPORT std::string to_string(batch_report const& value);
ROLLCAST_EXPORT std::string to_string(delivery const& value);
ROLLCAST_EXPORT std::string to_string(network_error const& value);
ROLLCAST_EXPORT std::string to_string(send_time const& value);
ROLLCAST_EXPORT std::string to_string(egress_change value);
ROLLCAST_EXPORT std::string to_string(egress_event const& value); ///< "moved eth1 (3)"
ROLLCAST_EXPORT std::string to_string(reply const& value);        ///< "12 bytes from 10.0.0.2:4000"

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, publication_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_report const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_failure const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, batch_report const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, delivery const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, network_error const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, send_time const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, egress_change value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, egress_event const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, reply const& value);

} // namespace rollcast
