// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/nowide/utf/utf.hpp>

#include <string>
#include <string_view>

// Text of anybody's, as it may stand in a line for people.

namespace rollcast::detail {

/// C0, DEL and C1, which terminals obey.
constexpr bool is_control(boost::nowide::utf::code_point point) noexcept
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

/// Those, and what ends lines or turns their direction.
constexpr bool disturbs(boost::nowide::utf::code_point point) noexcept
{
    return is_control(point) || (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

/// With a question mark for all that disturbs or is no UTF-8, and of its first 60 bytes only.
inline std::string readable(std::string_view text)
{
    constexpr std::size_t longest = 60;
    using utf8 = boost::nowide::utf::utf_traits<char>;
    std::string result;
    auto const* const end = text.data() + text.size();
    for (auto const* at = text.data(); at != end;) {
        auto const* const start = at;
        auto const point = utf8::decode(at, end);
        auto const size = static_cast<std::size_t>(at - start);
        if (result.size() + size > longest)
            return result + "...";
        if (!boost::nowide::utf::is_valid_codepoint(point) || disturbs(point))
            result += '?';
        else
            result.append(start, at);
    }
    return result;
}

} // namespace rollcast::detail
