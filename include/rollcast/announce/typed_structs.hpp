// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/byte_reader.hpp>
#include <rollcast/announce/byte_writer.hpp>
#include <rollcast/announce/typed_fingerprint.hpp>
#include <rollcast/announce/typed_form.hpp>
#include <rollcast/announce/typed_members.hpp>

#include <rollcast/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace rollcast::announce::detail {

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
