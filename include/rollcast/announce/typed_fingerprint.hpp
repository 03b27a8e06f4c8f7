// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed_form.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

// What tells a struct from others of like form: a number for each of its fields, made at compile
// time of the names and types of all fields up to that one. Two structs understand each other as
// far as these numbers agree, so that either may have more fields at its end.
//
// A type is a text: `b` for bool, `1` for one byte, `u` and `i` for wider integers without and with
// a sign (which includes enums), `f4` and `f8`, `s` for a string, `[T]` for a vector, `[T;4]` for
// an array, `?T`, `(T,U)` for pairs and tuples, `{K:V}` for maps, and for a struct `<name:T>` with
// its first field only, as the others may be joined by more; `<>` if it has none, or lies in
// `most_in_fingerprint` others.

namespace rollcast::announce::detail {

/// FNV-1a, 64 bits: short enough to be evaluated by compilers for every field, and simple to write
/// in other languages. It tells mistakes, not attacks.
class text_hash {
public:
    constexpr text_hash& operator<<(std::string_view text)
    {
        for (char const each : text) {
            value_ = (value_ ^ static_cast<unsigned char>(each)) * 0x100000001b3;
        }
        return *this;
    }

    /// In decimal digits.
    constexpr text_hash& operator<<(std::size_t number)
    {
        if (number >= 10) {
            *this << number / 10;
        }
        char const digit[] = {static_cast<char>('0' + number % 10)};
        return *this << std::string_view(digit, 1);
    }

    /// The four parts of 16 bits, XORed. The hash goes on from the whole.
    constexpr std::uint16_t folded() const
    {
        return static_cast<std::uint16_t>(value_ ^ value_ >> 16 ^ value_ >> 32 ^ value_ >> 48);
    }

private:
    std::uint64_t value_ = 0xcbf29ce484222325;
};

/// A struct in so many others has only `<>` for a text: one that contains itself would have no end.
inline constexpr unsigned most_in_fingerprint = 8;

/// Adds the text of a type; `depth` structs are around it. One without a wire form adds nothing:
/// `check_wire_form` objects to it.
template <class T>
constexpr void name_type(text_hash& into, unsigned depth)
{
    if constexpr (known<T>) {
        wire_form<T>::name(into, depth);
    }
}

/// A number for each field of a struct, in the order of the wire.
template <class T>
constexpr auto fingerprints_of()
{
    using fields = typename wire_form<T>::fields;
    std::array<std::uint16_t, mp11::mp_size<fields>::value> all{};
    text_hash hash;
    std::size_t next = 0;
    mp11::mp_for_each<fields>([&](auto field) {
        hash << field.name << ":";
        name_type<typename wire_form<T>::template type_of<decltype(field)>>(hash, 1);
        hash << ",";
        all[next++] = hash.folded();
    });
    return all;
}

} // namespace rollcast::announce::detail
