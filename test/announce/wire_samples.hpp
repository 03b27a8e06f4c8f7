// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "announce/codec.hpp"

#include <boost/asio/ip/address.hpp>

#include <initializer_list>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Datagrams for tests, whole and piece by piece.

namespace rollcast::test {

using bytes = std::vector<std::byte>;

inline std::string hex(std::span<std::byte const> of)
{
    std::string text;
    for (auto const byte : of) {
        text += "0123456789abcdef"[std::to_integer<unsigned>(byte) >> 4];
        text += "0123456789abcdef"[std::to_integer<unsigned>(byte) & 15];
    }
    return text;
}

inline bytes bytes_of(std::string_view text)
{
    auto const view = std::as_bytes(std::span(text));
    return {view.begin(), view.end()};
}

/// What hexadecimal digits say, with blanks between them as one likes.
inline bytes unhex(std::string_view text)
{
    bytes result;
    int high = -1;
    for (char const digit : text) {
        if (digit == ' ')
            continue;
        int const value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
        if (high >= 0)
            result.push_back(static_cast<std::byte>(high * 16 + value));
        high = high >= 0 ? -1 : value;
    }
    return result;
}

inline life_id sample_life()
{
    life_id life;
    for (std::uint8_t i = 0; i < 16; ++i)
        life.bytes[i] = i;
    return life;
}

inline constexpr auto all_types = {
    message_type::hello,  message_type::bye,     message_type::suspect,  message_type::gone,
    message_type::digest, message_type::beat,    message_type::ping,     message_type::ack,
    message_type::pull,   message_type::records, message_type::conflict, message_type::query};

inline record sample_record()
{
    record about;
    about.sequence = 3;
    about.beat_interval = std::chrono::milliseconds(2500);
    about.discovery_port = 8080;
    about.unicast_port_v4 = 9000;
    about.unicast_port_v6 = 9001;
    about.service_ports = {8042, 8043};
    about.addresses = {asio::ip::make_address("10.0.0.1"), asio::ip::make_address("fe80::1")};
    about.data = bytes_of("hi");
    return about;
}

/// One without anything that may be left out, and the least of everything else.
inline record smallest_record()
{
    record about;
    about.beat_interval = std::chrono::milliseconds(250);
    about.discovery_port = 1;
    return about;
}

template <class T>
bytes list_of(std::initializer_list<T> values)
{
    bytes list;
    for (auto const& each : values)
        announce::append(list, each);
    return list;
}

/// What the views in samples are of.
struct sample_bytes {
    bytes record = announce::pack(sample_record()).value();
    bytes smallest = announce::pack(smallest_record()).value();
    bytes subjects = list_of<identity>({{10, sample_life(), 257}, {11, life_id{}, 0}});
    bytes members = list_of<member_view>(
        {{{10, sample_life(), 257}, true, announce::view_record(record).value()},
         {{11, life_id{}, 0}, false, announce::view_record(smallest).value()}});
    bytes ended = list_of<ended_member>({{{10, sample_life(), 257}, true, std::chrono::seconds(3)},
                                         {{11, life_id{}, 0}, false, {}}});
    bytes buckets = bytes(4 * announce::bucket_count, std::byte{0xbb});
    bytes differing = bytes(announce::bucket_count / 8, std::byte{0xdd});
};

inline sample_bytes const& sampled()
{
    static sample_bytes const all;
    return all;
}

/// One of this type with every field filled in, as far as a pull has room beside its buckets.
inline announcement sample(message_type type)
{
    announcement value;
    value.type = type;
    value.counter = 7;
    value.who = {9, sample_life(), 256};
    value.observer = type == message_type::query;
    value.attempt = 2;
    value.summary = summary{5, {0x1112131415161718, 0x2122232425262728}, 3};
    value.cookie = 0xc0;
    value.echo = 0xe0;
    value.differing = sampled().differing;
    value.padding = 2;
    if (type == message_type::pull) {
        value.buckets = sampled().buckets;
        return value;
    }
    value.part = part{258, true};
    value.record = announce::view_record(sampled().record).value();
    value.subjects = wire_list<identity>(sampled().subjects);
    value.members = wire_list<member_view>(sampled().members);
    value.ended = wire_list<ended_member>(sampled().ended);
    return value;
}

using fields = std::initializer_list<std::string_view>;

inline std::string joined(fields pieces)
{
    std::string text;
    for (auto const piece : pieces)
        text += piece;
    return text;
}

/// So many bytes of this value, in hexadecimal digits.
inline std::string repeated(std::string_view byte, std::size_t times)
{
    std::string text;
    for (; times > 0; --times)
        text += byte;
    return text;
}

namespace wire {

inline constexpr std::string_view magic = "5243";
inline constexpr std::string_view version = "01";
inline constexpr std::string_view unsealed = "00000000";
inline constexpr std::string_view tag = "2d465a649ef0a08d";
inline constexpr std::string_view life = "000102030405060708090a0b0c0d0e0f";
inline constexpr std::string_view counter = "0000000000000007";

inline constexpr std::string_view identity = "01 0010 0000000000000009 0000000000000100";
inline constexpr std::string_view attempt = "07 0001 02";
inline constexpr std::string_view summary = "08 0015 00000005 1112131415161718 2122232425262728 03";
inline constexpr std::string_view cookie = "09 0008 00000000000000c0";
inline constexpr std::string_view echo = "0a 0008 00000000000000e0";
inline constexpr std::string_view part = "10 0003 0102 01";
inline std::string const buckets = "0e 0400" + repeated("bb", 1024);
inline std::string const differing = "0f 0020" + repeated("dd", 32);
inline constexpr std::string_view padding = "11 0002 0000";
inline constexpr std::string_view observer = "12 0000";
inline constexpr std::string_view counting = "13 0002 012c";

// The pieces of a record, and two records.
inline constexpr std::string_view head = "00000003 000009c4 1f90 2328 2329";
inline constexpr std::string_view ports = "03 0004 1f6a 1f6b";
inline constexpr std::string_view ipv4 = "04 0004 0a000001";
inline constexpr std::string_view ipv6 = "05 0010 fe800000000000000000000000000001";
inline constexpr std::string_view data = "06 0002 6869";
inline constexpr std::string_view full = "00000003 000009c4 1f90 2328 2329"
                                         "03 0004 1f6a 1f6b"
                                         "04 0004 0a000001"
                                         "05 0010 fe800000000000000000000000000001"
                                         "06 0002 6869";
inline constexpr std::string_view smallest = "00000000 000000fa 0001 0000 0000";

// Those whom lists are of, and the lists.
inline constexpr std::string_view ten =
    "000000000000000a 000102030405060708090a0b0c0d0e0f 0000000000000101";
inline constexpr std::string_view eleven =
    "000000000000000b 00000000000000000000000000000000 0000000000000000";
inline std::string const record = joined({"02 0034", full});
inline std::string const subjects = joined({"0b 0040", ten, eleven});
inline std::string const members =
    joined({"0c 0088", "0034", ten, "01", full, "000e", eleven, "00", smallest});
inline std::string const ended = joined({"0d 004a", ten, "02 00000bb8", eleven, "01 00000000"});

inline constexpr std::size_t header_size = 40;
inline constexpr std::size_t digest_size = 16;

} // namespace wire

/// Its bytes, with the kind and the length they have.
inline std::string field(std::string_view kind, fields pieces)
{
    auto const body = joined(pieces);
    auto const size = unhex(body).size();
    std::byte const length[] = {static_cast<std::byte>(size >> 8), static_cast<std::byte>(size)};
    return std::string(kind) + hex(length) + body;
}

/// Puts the integrity tag behind what is now to be a datagram.
inline bytes sealed(bytes content)
{
    auto const digest = group_key().digest(content);
    content.insert(content.end(), digest.begin(), digest.end());
    return content;
}

/// The same datagram with the tag it would need after somebody changed it.
inline bytes resealed(bytes datagram)
{
    datagram.resize(datagram.size() - wire::digest_size);
    return sealed(std::move(datagram));
}

/// The header of a type and these fields.
inline bytes datagram(std::string_view type, fields which)
{
    auto const header = joined(
        {wire::magic, wire::version, type, wire::unsealed, wire::tag, wire::life, wire::counter});
    return sealed(unhex(header + joined(which)));
}

} // namespace rollcast::test
