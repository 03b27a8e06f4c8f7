// SPDX-License-Identifier: BSL-1.0
#include "announce/announcement.hpp"

#include "announce/codec.hpp"
#include "announce/fields.hpp"

#include <algorithm>
#include <cstring>

namespace rollcast {
namespace {

using announce::ended_member_size;
using announce::ended_size;
using announce::field_header;
using announce::get_identity;
using announce::identity_size;
using announce::list_overhead;
using announce::member_head;
using announce::member_overhead;
using announce::octet_reader;
using announce::octet_writer;
using announce::view_record;

static_assert(ended_size == ended_member_size && member_head == member_overhead &&
              field_header == list_overhead);

constexpr std::uint8_t flag_proven = 1;
constexpr std::uint8_t state_gone = 1;
constexpr std::uint8_t state_left = 2;

} // namespace

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

template <>
identity wire_list<identity>::take(std::span<std::byte const>& rest)
{
    octet_reader in(rest.first(identity_size));
    rest = rest.subspan(identity_size);
    return get_identity(in);
}

template <>
member_view wire_list<member_view>::take(std::span<std::byte const>& rest)
{
    octet_reader in(rest);
    auto const size = in.get<std::uint16_t>();
    member_view value;
    value.who = get_identity(in);
    value.proven = (in.get<std::uint8_t>() & flag_proven) != 0;
    value.record = *view_record(in.get(size));
    rest = rest.subspan(member_head + size);
    return value;
}

template <>
ended_member wire_list<ended_member>::take(std::span<std::byte const>& rest)
{
    octet_reader in(rest.first(ended_size));
    rest = rest.subspan(ended_size);
    ended_member value;
    value.who = get_identity(in);
    value.left = in.get<std::uint8_t>() == state_left;
    value.age = std::chrono::milliseconds(in.get<std::uint32_t>());
    return value;
}

namespace announce {

void put_identity(octet_writer& out, identity const& value)
{
    out.put(value.id);
    out.put(std::as_bytes(std::span(value.life.bytes)));
    out.put(value.incarnation);
}

identity get_identity(octet_reader& in) noexcept
{
    identity value;
    value.id = in.get<std::uint64_t>();
    auto const life = in.get(value.life.bytes.size());
    if (!life.empty())
        std::memcpy(value.life.bytes.data(), life.data(), life.size());
    value.incarnation = in.get<std::uint64_t>();
    return value;
}

bool is_identity_list(std::span<std::byte const> bytes) noexcept
{
    return bytes.size() % identity_size == 0;
}

bool is_member_list(std::span<std::byte const> bytes) noexcept
{
    octet_reader in(bytes);
    while (!in.empty()) {
        auto const size = in.get<std::uint16_t>();
        in.get(identity_size + 1);
        auto const body = in.get(size);
        if (!in.ok() || !view_record(body))
            return false;
    }
    return in.ok();
}

bool is_ended_list(std::span<std::byte const> bytes) noexcept
{
    if (bytes.size() % ended_size != 0)
        return false;
    for (; !bytes.empty(); bytes = bytes.subspan(ended_size)) {
        auto const state = std::to_integer<std::uint8_t>(bytes[identity_size]);
        if (state != state_gone && state != state_left)
            return false;
    }
    return true;
}

void append(std::vector<std::byte>& list, identity const& value)
{
    octet_writer out(list);
    put_identity(out, value);
}

void append(std::vector<std::byte>& list, member_view const& value)
{
    octet_writer out(list);
    out.put(static_cast<std::uint16_t>(value.record.bytes.size()));
    put_identity(out, value.who);
    out.put(value.proven ? flag_proven : std::uint8_t{0});
    out.put(value.record.bytes);
}

void append(std::vector<std::byte>& list, ended_member const& value)
{
    constexpr auto longest = std::chrono::milliseconds(0xffffffff);
    octet_writer out(list);
    put_identity(out, value.who);
    out.put(value.left ? state_left : state_gone);
    out.put(static_cast<std::uint32_t>(std::min(value.age, longest).count()));
}

} // namespace announce
} // namespace rollcast
