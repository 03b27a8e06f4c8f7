// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/printing.hpp>
#include <rollcast/receive/membership_event.hpp>
#include <rollcast/receive/metadata.hpp>
#include <rollcast/receive/packet.hpp>
#include <rollcast/receive/port_sharing.hpp>
#include <rollcast/receive/receiver.hpp>
#include <rollcast/receive/subscription_config.hpp>

#include <iosfwd>
#include <string>

/// The values of this room as text, for people; any thread.
namespace rollcast {

std::string to_string(port_sharing value);
std::string to_string(metadata_mask value); ///< "none", "all", or such as "hop_limit|receive_time"
std::string to_string(membership_change value);
std::string to_string(membership_event const& value); ///< "rejoined eth0 (7)"
std::string to_string(packet const& value); ///< "10.0.0.1:4000 > 239.1.1.1:5000, 12 bytes"
std::string to_string(packet_metadata const& value);
std::string to_string(receiver::drained const& value);
std::string to_string(subscription_config const& value);

std::ostream& operator<<(std::ostream& out, port_sharing value);
std::ostream& operator<<(std::ostream& out, metadata_mask value);
std::ostream& operator<<(std::ostream& out, membership_change value);
std::ostream& operator<<(std::ostream& out, membership_event const& value);
std::ostream& operator<<(std::ostream& out, packet const& value);
std::ostream& operator<<(std::ostream& out, packet_metadata const& value);
std::ostream& operator<<(std::ostream& out, receiver::drained const& value);
std::ostream& operator<<(std::ostream& out, subscription_config const& value);

} // namespace rollcast
