// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed_bytes.hpp>
#include <rollcast/announce/typed_form.hpp>

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>

#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>

namespace rollcast::announce::detail {

// The forms of what has no parts: bool, integers, floating point, enums and strings.

template <class T, class... Any>
concept one_of = (std::same_as<T, Any> || ...);

template <class T>
concept unqualified_integer = std::integral<T> && std::same_as<T, std::remove_cv_t<T>>;

/// These go as they are: a varint would take two bytes for half of their values.
template <class T>
concept one_byte = one_of<T, std::byte, char, signed char, unsigned char, char8_t>;

/// Not wchar_t, whose size and sign differ between systems.
template <class T>
concept wider_integer = unqualified_integer<T> && sizeof(T) > 1 && sizeof(T) <= 8 &&
                        !std::same_as<T, wchar_t>;

/// Of an enum that is not described no value could be told from garbage.
template <class T>
concept described_enum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

template <std::integral T>
void put_integer(byte_writer& writer, T value)
{
    if constexpr (std::is_signed_v<T>) {
        writer.put_signed(value);
    } else {
        writer.put_varint(value);
    }
}

/// False also for a number that T cannot hold, whatever the width of the sender's type.
template <std::integral T>
bool get_integer(byte_reader& reader, T& into)
{
    if constexpr (std::is_signed_v<T>) {
        std::int64_t value = 0;
        bool const read = reader.get_signed(value);
        into = static_cast<T>(value);
        return read && into == value;
    } else {
        std::uint64_t value = 0;
        bool const read = reader.get_varint(value);
        into = static_cast<T>(value);
        return read && into == value;
    }
}

/// 00 or 01; other numbers do not fit into a bool, and are malformed.
template <>
struct wire_form<bool> {
    using parts = mp11::mp_list<>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned) { into << "b"; }
    static void put(byte_writer& writer, bool value) { put_integer(writer, value); }
    static bool get(byte_reader& reader, bool& into) { return get_integer(reader, into); }
};

/// The byte itself. All these types have one name, so that a sender may use another of them.
template <one_byte T>
struct wire_form<T> {
    using parts = mp11::mp_list<>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned) { into << "1"; }
    static void put(byte_writer& writer, T value)
    {
        writer.put_byte(static_cast<std::byte>(value));
    }
    static bool get(byte_reader& reader, T& into)
    {
        std::byte value{};
        bool const read = reader.get_byte(value);
        into = static_cast<T>(value);
        return read;
    }
};

/// A varint, of the zigzag form if signed. The name has no width: a field may become wider.
template <wider_integer T>
struct wire_form<T> {
    using parts = mp11::mp_list<>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned)
    {
        into << (std::is_signed_v<T> ? "i" : "u");
    }
    static void put(byte_writer& writer, T value) { put_integer(writer, value); }
    static bool get(byte_reader& reader, T& into) { return get_integer(reader, into); }
};

/// The bits of IEEE 754, lowest byte first. Equal values have equal bits here: one zero and one
/// NaN.
template <one_of<float, double> T>
struct wire_form<T> {
    static_assert(std::numeric_limits<T>::is_iec559);
    using bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

    using parts = mp11::mp_list<>;
    static constexpr std::size_t min_size() { return sizeof(T); }
    static constexpr void name(text_hash& into, unsigned) { into << "f" << sizeof(T); }
    static void put(byte_writer& writer, T value) { writer.put_fixed(bits_of(value), sizeof(T)); }
    static bool get(byte_reader& reader, T& into)
    {
        std::uint64_t read = 0;
        if (!reader.get_fixed(read, sizeof(T))) {
            return false;
        }
        into = std::bit_cast<T>(static_cast<bits>(read));
        return bits_of(into) == read;
    }

private:
    static bits bits_of(T value)
    {
        if (std::isnan(value)) {
            value = std::numeric_limits<T>::quiet_NaN();
        } else if (value == T(0)) {
            value = T(0);
        }
        return std::bit_cast<bits>(value);
    }
};

/// As a wider integer of its underlying type, also where that has one byte. What is no described
/// enumerator is malformed: a new enumerator is understood only by those that know it.
template <described_enum T>
struct wire_form<T> {
    using underlying = std::underlying_type_t<T>;
    // The sign of char differs between systems.
    using integer = std::conditional_t<std::same_as<underlying, char>, unsigned char, underlying>;

    using parts = mp11::mp_list<>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned)
    {
        into << (std::is_signed_v<integer> ? "i" : "u");
    }
    static void put(byte_writer& writer, T value)
    {
        put_integer(writer, static_cast<integer>(value));
    }
    static bool get(byte_reader& reader, T& into)
    {
        integer value{};
        bool const read = get_integer(reader, value);
        into = static_cast<T>(value);
        return read && is_enumerator(into);
    }

private:
    static bool is_enumerator(T value)
    {
        bool found = false;
        mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
            [&](auto enumerator) { found = found || enumerator.value == value; });
        return found;
    }
};

/// The number of bytes and the bytes, of any encoding: nothing looks whether they are UTF-8.
template <>
struct wire_form<std::string> {
    using parts = mp11::mp_list<>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned) { into << "s"; }
    static void put(byte_writer& writer, std::string const& value)
    {
        writer.put_varint(value.size());
        writer.put_bytes(std::as_bytes(std::span(value)));
    }
    static bool get(byte_reader& reader, std::string& into)
    {
        std::size_t size = 0;
        std::span<std::byte const> bytes;
        if (!reader.get_count(size, 1) || !reader.get_bytes(size, bytes)) {
            return false;
        }
        into.assign(reinterpret_cast<char const*>(bytes.data()), bytes.size());
        return true;
    }
};

} // namespace rollcast::announce::detail
