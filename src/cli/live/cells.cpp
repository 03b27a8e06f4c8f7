// SPDX-License-Identifier: BSL-1.0
#include "cli/live/cells.hpp"

#include <boost/nowide/utf/utf.hpp>

#include <cwchar>

namespace rollcast::cli {
namespace {

using utf8_traits = boost::nowide::utf::utf_traits<char>;
using boost::nowide::utf::code_point;

struct glyph {
    std::string_view text;
    std::size_t width = 1;
};

/// They would reorder what other columns say.
bool turns_direction(code_point point) noexcept
{
    return (point >= 0x200e && point <= 0x200f) || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069);
}

/// Whether the locale's characters are those of UTF-8.
bool speaks_utf8() noexcept
{
    std::mbstate_t state{};
    wchar_t read = 0;
    constexpr std::string_view umlaut = "\xc3\xbc";
    return std::mbrtowc(&read, umlaut.data(), umlaut.size(), &state) == umlaut.size() &&
           read == 0xfc;
}

/// Takes the first character off a text that is not empty.
glyph take(std::string_view& text)
{
    auto const* at = text.data();
    auto const point = utf8_traits::decode(at, text.data() + text.size());
    glyph taken{text.substr(0, static_cast<std::size_t>(at - text.data())), 1};
    text.remove_prefix(taken.text.size());
    bool const known = boost::nowide::utf::is_valid_codepoint(point) && !turns_direction(point);
    bool const shown = known && (point < 0x80 || speaks_utf8());
    auto const width = shown ? ::wcwidth(static_cast<wchar_t>(point)) : -1;
    if (width < 0)
        return {"?", 1};
    taken.width = static_cast<std::size_t>(width);
    return taken;
}

std::string_view mark_of_cut()
{
    return speaks_utf8() ? "…" : "~";
}

/// As much as fits.
glyph head_of(std::string_view text, std::size_t width, std::string& into)
{
    glyph used{text, 0};
    while (!text.empty()) {
        auto const next = take(text);
        if (used.width + next.width > width)
            break;
        into += next.text;
        used.width += next.width;
    }
    return used;
}

std::string cut(std::string_view text, std::size_t width, std::size_t& used)
{
    std::string result;
    bool const whole = cells(text) <= width;
    if (width == 0)
        return used = 0, result;
    used = head_of(text, whole ? width : width - 1, result).width;
    if (!whole) {
        result += mark_of_cut();
        ++used;
    }
    return result;
}

} // namespace

std::size_t cells(std::string_view text)
{
    std::size_t sum = 0;
    while (!text.empty())
        sum += take(text).width;
    return sum;
}

std::string fitted(std::string_view text, std::size_t width)
{
    std::size_t used = 0;
    auto const shown = cut(text, width, used);
    return shown + std::string(width - used, ' ');
}

std::string fitted_right(std::string_view text, std::size_t width)
{
    std::size_t used = 0;
    auto const shown = cut(text, width, used);
    return std::string(width - used, ' ') + shown;
}

} // namespace rollcast::cli
