// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/packet.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rollcast::cli {

/// A JSON object on one line, its fields in the order they were added.
class json_line {
public:
    json_line() = default;
    explicit json_line(std::string_view event);

    json_line& add(std::string_view name, boost::json::value const& value);

    /// Bytes as text if they are UTF-8, else as `<name>_base64`.
    json_line& add_bytes(std::string_view name, std::span<std::byte const> bytes);

    /// Bytes as `<name>_base64`, and before that also as text where they are `is_plain_text`: what
    /// reads them finds the same field whatever they are.
    json_line& add_both(std::string_view name, std::span<std::byte const> bytes);

    /// Seconds since 1970 with nine decimals, which no floating-point number could hold.
    json_line& add_time(std::string_view name, kernel_time time);

    /// A value that is JSON already.
    json_line& add_raw(std::string_view name, std::string_view json);

    std::string str() const { return text_ + '}'; }

private:
    std::string text_ = "{";
};

boost::json::array to_array(std::vector<std::string> const& texts);

bool is_utf8(std::string_view text);

/// UTF-8 without control characters but tabs and ends of lines.
bool is_plain_text(std::string_view text);

/// Bytes for people: UTF-8 as it is with control characters made visible, else "5 bytes of binary".
std::string printable(std::span<std::byte const> bytes);

/// The same of what may be a structure: plain text as it is, of others how many bytes they are, and
/// what can be read in them: "12 bytes: node eth0".
std::string printable_data(std::span<std::byte const> bytes);

/// Text that may have come from anywhere, on one line of a length that can be read.
std::string one_line(std::string_view text);

/// Writes one line to standard output at once; throws `unread` when nobody reads any more, another
/// problem where it cannot be written.
void print_line(std::string const& line);

} // namespace rollcast::cli
