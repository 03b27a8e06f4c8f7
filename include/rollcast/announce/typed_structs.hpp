// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed_bytes.hpp>
#include <rollcast/announce/typed_form.hpp>
#include <rollcast/announce/typed_values.hpp>
#include <rollcast/error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rollcast::announce::detail {

// The forms of what holds other values. Counts from the wire are checked against the bytes that are
// left before anything is allocated (`byte_reader::get_count`).

/// The number of elements, and the elements: `{1, 300}` of unsigned goes as 02 01 ac 02.
template <class T, class Allocator>
struct wire_form<std::vector<T, Allocator>> {
    using parts = mp11::mp_list<T>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned depth)
    {
        into << "[";
        name_type<T>(into, depth);
        into << "]";
    }
    static constexpr std::size_t min_element_size() { return min_wire_size<T>(); }

    static void put(byte_writer& writer, std::vector<T, Allocator> const& value)
    {
        writer.put_varint(value.size());
        for (T const& element : value) {
            wire_form<T>::put(writer, element);
        }
    }

    static bool get(byte_reader& reader, std::vector<T, Allocator>& into)
    {
        std::size_t count = 0;
        if (!reader.get_count(count, min_element_size())) {
            return false;
        }
        into.clear();
        into.reserve(count);
        for (; count > 0; --count) {
            T element = T();
            if (!wire_form<T>::get(reader, element)) {
                return false;
            }
            into.push_back(std::move(element));
        }
        return true;
    }
};

/// The elements without a number, which both sides know: it is part of the name.
template <class T, std::size_t Size>
struct wire_form<std::array<T, Size>> {
    using parts = mp11::mp_list<T>;
    static constexpr std::size_t min_size() { return Size * min_wire_size<T>(); }
    static constexpr void name(text_hash& into, unsigned depth)
    {
        into << "[";
        name_type<T>(into, depth);
        into << ";" << Size << "]";
    }

    static void put(byte_writer& writer, std::array<T, Size> const& value)
    {
        for (T const& element : value) {
            wire_form<T>::put(writer, element);
        }
    }

    static bool get(byte_reader& reader, std::array<T, Size>& into)
    {
        return std::ranges::all_of(into,
                                   [&](T& element) { return wire_form<T>::get(reader, element); });
    }
};

/// 00, or 01 and the value.
template <class T>
struct wire_form<std::optional<T>> {
    using parts = mp11::mp_list<T>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned depth)
    {
        into << "?";
        name_type<T>(into, depth);
    }

    static void put(byte_writer& writer, std::optional<T> const& value)
    {
        wire_form<bool>::put(writer, value.has_value());
        if (value) {
            wire_form<T>::put(writer, *value);
        }
    }

    static bool get(byte_reader& reader, std::optional<T>& into)
    {
        bool present = false;
        if (!wire_form<bool>::get(reader, present)) {
            return false;
        }
        into.reset();
        return !present || wire_form<T>::get(reader, into.emplace());
    }
};

/// The elements of std::pair and std::tuple, one after the other.
template <class Tuple, class... T>
struct tuple_form {
    using parts = mp11::mp_list<T...>;
    static constexpr std::size_t min_size() { return (std::size_t{0} + ... + min_wire_size<T>()); }
    static constexpr void name(text_hash& into, unsigned depth)
    {
        into << "(";
        ((name_type<T>(into, depth), into << ","), ...);
        into << ")";
    }

    static void put(byte_writer& writer, Tuple const& value)
    {
        std::apply([&](T const&... element) { (wire_form<T>::put(writer, element), ...); }, value);
    }

    static bool get(byte_reader& reader, Tuple& into)
    {
        return std::apply(
            [&](T&... element) { return (wire_form<T>::get(reader, element) && ...); }, into);
    }
};

template <class First, class Second>
struct wire_form<std::pair<First, Second>> : tuple_form<std::pair<First, Second>, First, Second> {};

template <class... T>
struct wire_form<std::tuple<T...>> : tuple_form<std::tuple<T...>, T...> {};

/// The number of entries, and each key with its value. Entries go by the bytes of their keys: an
/// order that every key type has in every language, whatever the container's own comparison or
/// hash. So equal maps have equal bytes, and a key that comes twice, or too late, is malformed.
template <class Map>
struct map_form {
    using key_type = typename Map::key_type;
    using mapped_type = typename Map::mapped_type;

    using parts = mp11::mp_list<key_type, mapped_type>;
    static constexpr std::size_t min_size() { return 1; }
    static constexpr void name(text_hash& into, unsigned depth)
    {
        into << "{";
        name_type<key_type>(into, depth);
        into << ":";
        name_type<mapped_type>(into, depth);
        into << "}";
    }
    /// Of a key and its value.
    static constexpr std::size_t min_element_size()
    {
        return min_wire_size<key_type>() + min_wire_size<mapped_type>();
    }

    /// Keys are encoded apart first, to be sorted; values stay where they are.
    static void put(byte_writer& writer, Map const& value)
    {
        std::vector<std::pair<std::vector<std::byte>, mapped_type const*>> entries;
        entries.reserve(value.size());
        for (auto const& [key, mapped] : value) {
            byte_writer key_writer;
            wire_form<key_type>::put(key_writer, key);
            entries.emplace_back(std::move(key_writer).take(), &mapped);
        }
        std::ranges::sort(entries, {}, [](auto const& entry) -> auto& { return entry.first; });

        writer.put_varint(entries.size());
        for (auto const& [key, mapped] : entries) {
            writer.put_bytes(key);
            wire_form<mapped_type>::put(writer, *mapped);
        }
    }

    /// False also where the map's own comparison takes two keys for one whose bytes differ.
    static bool get(byte_reader& reader, Map& into)
    {
        std::size_t count = 0;
        if (!reader.get_count(count, min_element_size())) {
            return false;
        }
        into.clear();
        std::span<std::byte const> previous;
        for (std::size_t i = 0; i < count; ++i) {
            auto const before = reader.rest();
            key_type key = key_type();
            mapped_type mapped = mapped_type();
            if (!wire_form<key_type>::get(reader, key)) {
                return false;
            }
            auto const bytes = before.first(before.size() - reader.rest().size());
            bool const ascending = i == 0 || std::ranges::lexicographical_compare(previous, bytes);
            if (!ascending || !wire_form<mapped_type>::get(reader, mapped) ||
                !into.emplace(std::move(key), std::move(mapped)).second) {
                return false;
            }
            previous = bytes;
        }
        return true;
    }
};

template <class Key, class T, class Compare, class Allocator>
struct wire_form<std::map<Key, T, Compare, Allocator>>
    : map_form<std::map<Key, T, Compare, Allocator>> {};

template <class Key, class T, class Hash, class Equal, class Allocator>
struct wire_form<std::unordered_map<Key, T, Hash, Equal, Allocator>>
    : map_form<std::unordered_map<Key, T, Hash, Equal, Allocator>> {};

/// A struct in another type: the length of its fields, and the fields. The length lets a reader
/// with fewer fields pass over those that it does not know.
template <described_struct T>
struct wire_form<T> {
    using fields = mp11::mp_rename<members_of<T>, mp11::mp_list>;
    template <class Field>
    using type_of = member_type_t<Field>;
    using parts = mp11::mp_transform<member_type_t, fields>;

    /// The length of what follows, which may be 0: a sender with an older form may have no field.
    static constexpr std::size_t min_size() { return 1; }

    /// By its first field only, since others may be added at its end.
    static constexpr void name(text_hash& into, unsigned depth)
    {
        into << "<";
        if constexpr (mp11::mp_size<fields>::value > 0) {
            if (depth < most_in_fingerprint) {
                using first = mp11::mp_front<fields>;
                into << first::name << ":";
                name_type<member_type_t<first>>(into, depth + 1);
            }
        }
        into << ">";
    }

    static void put(byte_writer& writer, T const& value)
    {
        byte_writer inner;
        put_fields(inner, value);
        writer.put_varint(inner.bytes().size());
        writer.put_bytes(inner.bytes());
    }

    /// Fields that are missing at the end keep their defaults, and bytes behind the known fields
    /// are not looked at.
    static bool get(byte_reader& reader, T& into)
    {
        byte_reader inner(reader);
        return reader.get_part(inner) && get_fields(inner, into, std::nullopt);
    }

    static void put_fields(byte_writer& writer, T const& value)
    {
        mp11::mp_for_each<fields>([&](auto member) {
            wire_form<member_type_t<decltype(member)>>::put(writer, value.*member.pointer);
        });
    }

    /// @param count  So many fields; without it those that begin before the bytes end.
    static bool get_fields(byte_reader& reader, T& into, std::optional<std::size_t> count)
    {
        bool read = true;
        auto left = count.value_or(mp11::mp_size<fields>::value);
        mp11::mp_for_each<fields>([&](auto member) {
            if (!read || left == 0 || (!count && reader.rest().empty())) {
                left = 0;
                return;
            }
            --left;
            read = wire_form<member_type_t<decltype(member)>>::get(reader, into.*member.pointer);
        });
        return read;
    }
};

/// A struct that is no part of another type: its fingerprints go before its fields, so that a
/// struct of like form is not taken for it.
template <described_struct T>
void put_whole(byte_writer& writer, T const& value)
{
    constexpr auto own = fingerprints_of<T>();
    writer.put_varint(own.size());
    for (auto const each : own) {
        writer.put_fixed(each, sizeof each);
    }
    wire_form<T>::put_fields(writer, value);
}

/// How many fields the sender has, in `theirs`, if both sides mean the same by the fields that both
/// have. All fingerprints are read before they are judged, so that bytes that end early are
/// malformed in any case.
template <described_struct T>
error_code get_fingerprints(byte_reader& reader, std::size_t& theirs)
{
    constexpr auto own = fingerprints_of<T>();
    if (!reader.get_count(theirs, sizeof(std::uint16_t))) {
        return error::malformed;
    }
    bool agree = true;
    for (std::size_t i = 0; i < theirs; ++i) {
        std::uint64_t each = 0;
        if (!reader.get_fixed(each, sizeof(std::uint16_t))) {
            return error::malformed;
        }
        agree = agree && (i >= own.size() || each == own[i]);
    }
    return agree ? error_code() : error_code(error::other_form);
}

/// Reads what `put_whole` wrote. Where the sender has more fields, the bytes of those follow and
/// are passed over; otherwise nothing may follow.
template <described_struct T>
error_code get_whole(byte_reader& reader, T& into)
{
    constexpr std::size_t ours = fingerprints_of<T>().size();
    std::size_t theirs = 0;
    if (auto const ec = get_fingerprints<T>(reader, theirs)) {
        return ec;
    }
    bool const read = reader.enter() &&
                      wire_form<T>::get_fields(reader, into, std::min(theirs, ours)) &&
                      (theirs > ours || reader.rest().empty());
    return read ? error_code() : error_code(error::malformed);
}

} // namespace rollcast::announce::detail
