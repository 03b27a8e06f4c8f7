// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace rollcast::bench {

/// One JSON object on one line, in the order its members are added. Names and texts are the
/// benchmark's own and need no escapes.
class json_line {
public:
    json_line& add(std::string_view name, std::string_view text)
    {
        return append(name, fmt::format("\"{}\"", text));
    }
    json_line& add(std::string_view name, std::uint64_t number)
    {
        return append(name, fmt::format("{}", number));
    }
    json_line& add(std::string_view name, double number, int decimals)
    {
        return append(name, fmt::format("{:.{}f}", number, decimals));
    }

    std::string str() const { return '{' + members_ + '}'; }

private:
    json_line& append(std::string_view name, std::string const& value)
    {
        members_ += fmt::format("{}\"{}\":{}", members_.empty() ? "" : ",", name, value);
        return *this;
    }

    std::string members_;
};

} // namespace rollcast::bench
