// SPDX-License-Identifier: BSL-1.0
#include <rollcast/announce/announcement.hpp>

namespace rollcast {

std::string to_string(life_id const& value)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * value.bytes.size());
    for (auto const byte : value.bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 0x0f]);
    }
    return text;
}

} // namespace rollcast
