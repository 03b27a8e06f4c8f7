// SPDX-License-Identifier: BSL-1.0
#include "announce/port_names.hpp"

#include "announce/codec.hpp"

#include <boost/nowide/utf/utf.hpp>

#include <algorithm>
#include <array>

namespace rollcast::announce {
namespace {

using utf8 = boost::nowide::utf::utf_traits<char>;
using boost::nowide::utf::code_point;

/// Blanks, controls, and what joins, ends or turns lines unseen: names are printed, typed as
/// `http=8042`, and compared by people.
bool is_unseen(code_point point) noexcept
{
    return point <= 0x20 || (point >= 0x7f && point <= 0xa0) || point == 0xad ||
           (point >= 0x2000 && point <= 0x200f) || (point >= 0x2028 && point <= 0x202f) ||
           (point >= 0x205f && point <= 0x206f) || point == 0x3000 || point == 0xfeff;
}

std::string_view next_name(octet_reader& in) noexcept
{
    auto const bytes = in.get(in.get<std::uint8_t>());
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

} // namespace

bool is_port_name(std::string_view text) noexcept
{
    if (text.empty() || text.size() > max_port_name)
        return false;
    auto const* const end = text.data() + text.size();
    for (auto const* at = text.data(); at != end;) {
        auto const point = utf8::decode(at, end);
        if (!boost::nowide::utf::is_valid_codepoint(point) || is_unseen(point))
            return false;
    }
    return true;
}

std::size_t size_of_port_names(std::span<std::string const> names) noexcept
{
    std::size_t size = 0;
    for (auto const& each : names)
        size += 1 + each.size();
    return size;
}

void put_port_names(octet_writer& out, std::span<std::string const> names)
{
    for (auto const& each : names) {
        out.put(static_cast<std::uint8_t>(each.size()));
        out.put(std::as_bytes(std::span(each)));
    }
}

bool are_port_names(std::span<std::byte const> body, std::size_t& count) noexcept
{
    std::array<std::string_view, max_service_ports> names;
    for (octet_reader in(body); !in.empty(); ++count) {
        auto const name = next_name(in);
        if (!in.ok() || count == names.size() || !is_port_name(name))
            return false;
        if (std::ranges::count(std::span(names).first(count), name) != 0)
            return false;
        names[count] = name;
    }
    return true;
}

std::vector<std::string> get_port_names(std::span<std::byte const> body)
{
    std::vector<std::string> names;
    for (octet_reader in(body); !in.empty();)
        names.emplace_back(next_name(in));
    return names;
}

} // namespace rollcast::announce
