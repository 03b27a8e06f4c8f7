// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"

#include <iosfwd>
#include <string>

/// The values of this room as text, for people; any thread. The form may change with any version:
/// nothing should parse it. Of lists and of packed records only the size is told.
namespace rollcast {

std::string to_string(message_type value);
std::string to_string(identity const& value);
std::string to_string(record const& value);
std::string to_string(record_view const& value);
std::string to_string(summary const& value);
std::string to_string(member_view const& value);
std::string to_string(ended_member const& value);
std::string to_string(part const& value);
std::string to_string(announcement const& value); ///< "hello of 9, counter 3"

std::ostream& operator<<(std::ostream& out, message_type value);
std::ostream& operator<<(std::ostream& out, identity const& value);
std::ostream& operator<<(std::ostream& out, record const& value);
std::ostream& operator<<(std::ostream& out, record_view const& value);
std::ostream& operator<<(std::ostream& out, summary const& value);
std::ostream& operator<<(std::ostream& out, member_view const& value);
std::ostream& operator<<(std::ostream& out, ended_member const& value);
std::ostream& operator<<(std::ostream& out, part const& value);
std::ostream& operator<<(std::ostream& out, announcement const& value);

} // namespace rollcast
