// SPDX-License-Identifier: BSL-1.0
#include "cli/output.hpp"

#include "cli/problem.hpp"

#include <boost/json/serialize.hpp>
#include <boost/nowide/utf/utf.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include <cerrno>
#include <cstdio>

namespace rollcast::cli {
namespace {

std::string_view to_text(std::span<std::byte const> bytes) noexcept
{
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

using utf8 = boost::nowide::utf::utf_traits<char>;

/// C0, DEL and C1, which terminals obey.
bool is_control(boost::nowide::utf::code_point point) noexcept
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

/// Those, and what ends lines or turns their direction.
bool disturbs(boost::nowide::utf::code_point point) noexcept
{
    return is_control(point) || (point >= 0x200e && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

std::string escaped(boost::nowide::utf::code_point point)
{
    auto const number = static_cast<unsigned>(point);
    return number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

std::string base64(std::span<std::byte const> bytes)
{
    constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(),
                      reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), variant);
    text.pop_back(); // the terminator
    return text;
}

} // namespace

json_line::json_line(std::string_view event)
{
    add("event", boost::json::string_view(event.data(), event.size()));
}

json_line& json_line::add(std::string_view name, boost::json::value const& value)
{
    return add_raw(name, boost::json::serialize(value));
}

json_line& json_line::add_bytes(std::string_view name, std::span<std::byte const> bytes)
{
    auto const text = to_text(bytes);
    if (is_utf8(text))
        return add(name, boost::json::string_view(text.data(), text.size()));
    return add(std::string(name) + "_base64", boost::json::value(base64(bytes)));
}

json_line& json_line::add_both(std::string_view name, std::span<std::byte const> bytes)
{
    auto const text = to_text(bytes);
    if (is_plain_text(text))
        add(name, boost::json::string_view(text.data(), text.size()));
    return add(std::string(name) + "_base64", boost::json::value(base64(bytes)));
}

json_line& json_line::add_time(std::string_view name, kernel_time time)
{
    auto const nanoseconds = time.time_since_epoch().count();
    return add_raw(
        name, fmt::format("{}.{:09}", nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000));
}

json_line& json_line::add_raw(std::string_view name, std::string_view json)
{
    text_ += fmt::format("{}\"{}\":{}", text_.size() > 1 ? "," : "", name, json);
    return *this;
}

boost::json::array to_array(std::vector<std::string> const& texts)
{
    return boost::json::array(texts.begin(), texts.end());
}

bool is_utf8(std::string_view text)
{
    for (auto const* at = text.data(); at != text.data() + text.size();) {
        auto const point = utf8::decode(at, text.data() + text.size());
        if (!boost::nowide::utf::is_valid_codepoint(point))
            return false;
    }
    return true;
}

bool is_plain_text(std::string_view text)
{
    for (auto const* at = text.data(); at != text.data() + text.size();) {
        auto const point = utf8::decode(at, text.data() + text.size());
        bool const known = boost::nowide::utf::is_valid_codepoint(point);
        if (!known || (is_control(point) && point != '\t' && point != '\n'))
            return false;
    }
    return true;
}

std::string printable(std::span<std::byte const> bytes)
{
    auto const text = to_text(bytes);
    if (!is_utf8(text))
        return fmt::format("{} bytes of binary", bytes.size());
    std::string result;
    for (auto const* at = text.data(); at != text.data() + text.size();) {
        auto const* const start = at;
        auto const point = utf8::decode(at, text.data() + text.size());
        if (disturbs(point))
            result += escaped(point);
        else
            result.append(start, at);
    }
    return result;
}

namespace {

/// Shorter ones are met in any binary.
constexpr std::size_t least_readable = 3;

/// What can be read in bytes, with blanks for the rest.
std::string readable_runs(std::string_view text)
{
    std::string result, run;
    auto const end_run = [&] {
        if (run.size() >= least_readable)
            result += (result.empty() ? "" : " ") + run;
        run.clear();
    };
    for (auto const* at = text.data(); at != text.data() + text.size();) {
        auto const* const start = at;
        auto const point = utf8::decode(at, text.data() + text.size());
        bool const known = boost::nowide::utf::is_valid_codepoint(point);
        if (known && !disturbs(point)) {
            run.append(start, at);
            continue;
        }
        end_run();
        at = known ? at : start + 1; // the next byte may begin a character
    }
    end_run();
    return result;
}

bool continues(char byte) noexcept
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

// About so many bytes, and no part of a character.
std::string_view head_of(std::string_view text, std::size_t length)
{
    while (length > 0 && continues(text[length]))
        --length;
    return text.substr(0, length);
}

std::string_view tail_of(std::string_view text, std::size_t length)
{
    auto start = text.size() - length;
    while (start < text.size() && continues(text[start]))
        ++start;
    return text.substr(start);
}

} // namespace

std::string printable_data(std::span<std::byte const> bytes)
{
    if (is_plain_text(to_text(bytes)))
        return printable(bytes);
    auto const runs = readable_runs(to_text(bytes));
    return fmt::format("{} byte{}{}{}", bytes.size(), bytes.size() == 1 ? "" : "s",
                       runs.empty() ? "" : ": ", runs);
}

std::string one_line(std::string_view text)
{
    constexpr std::size_t longest = 1000;
    std::string result;
    if (is_utf8(text))
        result = printable(std::as_bytes(std::span(text)));
    else
        for (char const each : text) {
            auto const byte = static_cast<unsigned char>(each);
            result += byte < 0x80 && !disturbs(byte) ? std::string(1, each) : escaped(byte);
        }
    if (result.size() > longest)
        result = std::string(head_of(result, longest / 2)) + " ... " +
                 std::string(tail_of(result, longest / 2));
    return result;
}

void print_line(std::string const& line)
{
    auto const text = line + '\n';
    bool const written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    bool const all = written && std::fflush(stdout) == 0;
    if (!all && errno == EPIPE)
        throw unread();
    if (!all)
        throw problem(failed, "standard output",
                      error_code(errno, boost::system::generic_category()).message());
}

} // namespace rollcast::cli
