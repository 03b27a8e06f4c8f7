// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>
#include <rollcast/net/printing.hpp>
#include <rollcast/receive/arbiter.hpp>
#include <rollcast/receive/membership_event.hpp>
#include <rollcast/receive/metadata.hpp>
#include <rollcast/receive/packet.hpp>
#include <rollcast/receive/port_sharing.hpp>
#include <rollcast/receive/receiver.hpp>
#include <rollcast/receive/subscription_config.hpp>

#include <iosfwd>
#include <string>

/// The values that receiving is about as text, for people; any thread. Enumerators print by their
/// name, other values on one line. No form here is read back by the library.
namespace rollcast {

ROLLCAST_EXPORT std::string to_string(arbiter_config const& value);
ROLLCAST_EXPORT std::string to_string(arbiter_counters const& value);
ROLLCAST_EXPORT std::string to_string(line_counters const& value);
ROLLCAST_EXPORT std::string to_string(sequence_kind value);
ROLLCAST_EXPORT std::string
to_string(sequenced const& value); ///< "17 by line 0, 5 bytes", "18 to 20 are missing"
ROLLCAST_EXPORT std::string to_string(port_sharing value);
ROLLCAST_EXPORT std::string
to_string(metadata_mask value); ///< "none", "all", or such as "hop_limit|receive_time"
ROLLCAST_EXPORT std::string to_string(membership_change value);
ROLLCAST_EXPORT std::string to_string(membership_event const& value); ///< "rejoined eth0 (7)"
ROLLCAST_EXPORT std::string
to_string(packet const& value); ///< "10.0.0.1:4000 > 239.1.1.1:5000, 12 bytes"
ROLLCAST_EXPORT std::string to_string(packet_metadata const& value);
ROLLCAST_EXPORT std::string to_string(receiver::drained const& value);
ROLLCAST_EXPORT std::string to_string(subscription_config const& value);

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, arbiter_config const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, arbiter_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, line_counters const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sequence_kind value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, sequenced const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, port_sharing value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, metadata_mask value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, membership_change value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, membership_event const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, packet const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, packet_metadata const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, receiver::drained const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, subscription_config const& value);

} // namespace rollcast
