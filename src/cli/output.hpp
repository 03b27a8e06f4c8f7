// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/metadata.hpp>

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

/// Bytes for people: UTF-8 as it is with control characters made visible, else "5 bytes of binary".
std::string printable(std::span<std::byte const> bytes);

/// Text that may have come from anywhere, on one line of a length that can be read.
std::string one_line(std::string_view text);

/// Writes one line to standard output at once; throws a problem when nobody reads any more.
void print_line(std::string const& line);

} // namespace rollcast::cli
