// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/announcement.hpp>
#include <rollcast/announce/codec.hpp>

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

/// One of this type with every field filled in.
inline announcement sample(message_type type)
{
    announcement value;
    value.type = type;
    value.counter = 7;
    value.who = {9, sample_life(), 256};
    if (type == message_type::hello)
        value.attempt = 2;
    if (type == message_type::bye)
        return value;
    record about;
    about.sequence = 3;
    about.beat_interval = std::chrono::milliseconds(2500);
    about.discovery_port = 8080;
    about.service_ports = {8042, 8043};
    about.addresses = {asio::ip::make_address("10.0.0.1"), asio::ip::make_address("fe80::1")};
    about.data = bytes_of("hi");
    value.record = about;
    return value;
}

inline constexpr auto all_types = {message_type::hello, message_type::bye, message_type::ping,
                                   message_type::ack, message_type::records};

namespace wire {

inline constexpr std::string_view magic = "5243";
inline constexpr std::string_view version = "01";
inline constexpr std::string_view unsealed = "00000000";
inline constexpr std::string_view tag = "2d465a649ef0a08d";
inline constexpr std::string_view life = "000102030405060708090a0b0c0d0e0f";
inline constexpr std::string_view counter = "0000000000000007";

inline constexpr std::string_view identity = "01 0010 0000000000000009 0000000000000100";
inline constexpr std::string_view attempt = "07 0001 02";
inline constexpr std::string_view state = "02 000a 00000003 000009c4 1f90";
inline constexpr std::string_view ports = "03 0004 1f6a 1f6b";
inline constexpr std::string_view ipv4 = "04 0004 0a000001";
inline constexpr std::string_view ipv6 = "05 0010 fe800000000000000000000000000001";
inline constexpr std::string_view data = "06 0002 6869";

inline constexpr std::size_t header_size = 40;
inline constexpr std::size_t digest_size = 16;

} // namespace wire

using fields = std::initializer_list<std::string_view>;

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
    std::string text;
    for (auto const part :
         {wire::magic, wire::version, type, wire::unsealed, wire::tag, wire::life, wire::counter})
        text += part;
    for (auto const field : which)
        text += field;
    return sealed(unhex(text));
}

} // namespace rollcast::test
