// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/announcement.hpp>
#include <rollcast/export.hpp>

#include <iosfwd>
#include <string>

/// The values of this room as text, for people; any thread. The form may change with any version:
/// nothing should parse it. Of lists and of packed records only the size is told.
namespace rollcast {

ROLLCAST_EXPORT std::string to_string(message_type value);
ROLLCAST_EXPORT std::string to_string(identity const& value);
ROLLCAST_EXPORT std::string to_string(record const& value);
ROLLCAST_EXPORT std::string to_string(record_view const& value);
ROLLCAST_EXPORT std::string to_string(summary const& value);
ROLLCAST_EXPORT std::string to_string(member_view const& value);
ROLLCAST_EXPORT std::string to_string(ended_member const& value);
ROLLCAST_EXPORT std::string to_string(part const& value);
ROLLCAST_EXPORT std::string to_string(announcement const& value); ///< "hello of 9, counter 3"

ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, life_id const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, message_type value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, identity const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, record const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, record_view const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, summary const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, member_view const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, ended_member const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, part const& value);
ROLLCAST_EXPORT std::ostream& operator<<(std::ostream& out, announcement const& value);

} // namespace rollcast
