// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed_bytes.hpp>
#include <rollcast/announce/typed_structs.hpp>
#include <rollcast/announce/typed_values.hpp>
#include <rollcast/error.hpp>

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

/// Typed data: any described struct as bytes, for the data of an instance and for payloads.
///
///     struct service { std::string name; std::uint16_t load = 0; };
///     BOOST_DESCRIBE_STRUCT(service, (), (name, load))
///
///     auto bytes = rollcast::announce::encode(service{"web", 300});
///     auto value = rollcast::announce::decode<service>(bytes);
///
/// A struct may grow: add fields at its end, give them defaults, and leave the others as they are.
/// A program with the old form skips the fields it does not know, and one with the new form keeps
/// the defaults of fields that are missing; so it is with structs in vectors, optionals and other
/// structs, too.
///
///     struct service { std::string name; std::uint16_t load = 0; std::uint32_t version = 1; };
///     BOOST_DESCRIBE_STRUCT(service, (), (name, load, version))
///
///     auto value = rollcast::announce::decode<service>(bytes); // the bytes above: version is 1
///
/// Fields before the end must stay, with their names and types; a base goes before the fields of
/// the struct, so it cannot grow.
///
/// The wire form:
///
/// | type                              | bytes                                                    |
/// |-----------------------------------|----------------------------------------------------------|
/// | bool                              | 00 or 01                                                 |
/// | integer of one byte, std::byte    | that byte; signed ones in two's complement               |
/// | wider unsigned integer            | varint: LEB128 in its shortest form, 300 = ac 02         |
/// | wider signed integer              | varint of the zigzag form: 0, -1, 1, -2 = 00, 01, 02, 03 |
/// | float, double                     | IEEE 754, 4 or 8 bytes, lowest first                     |
/// | described enum                    | as a wider integer of its underlying type                |
/// | std::string                       | its length as a varint, its bytes (of any encoding)      |
/// | std::vector                       | the number of elements as a varint, the elements         |
/// | std::array, std::pair, std::tuple | the elements                                             |
/// | std::optional                     | 00, or 01 and the value                                  |
/// | std::map, std::unordered_map      | the number of entries as a varint, the entries, each its |
/// |                                   | key and its value, in ascending order of the bytes that  |
/// |                                   | the keys take on the wire (compared as by memcmp, where  |
/// |                                   | a prefix comes first)                                    |
/// | described struct, in another type | the length of what follows as a varint, then its fields: |
/// |                                   | the members of its bases, then its own, in the order of  |
/// |                                   | the description                                          |
/// | described struct that is encoded  | the number of its fields as a varint, a fingerprint of   |
/// |                                   | two bytes for each, lowest first, then its fields        |
///
/// The fingerprint of a field is made of the names and types of all fields up to it, at compile
/// time; typed_fingerprint.hpp says how. Where both sides have a field it must be the same, so that
/// a struct of like form is refused instead of being taken for another.
///
/// An `enum class` without an underlying type has int, which is signed: its enumerators 0, 1, 2
/// go as 00, 02, 04. Minus zero goes as zero, and every NaN as the positive quiet one without a
/// payload (00 00 c0 7f for a float). Every member of a struct and of its bases has to be public
/// and described; anything else does not compile.
///
/// Equal values give equal bytes, and bytes that decode are those that the value would encode to,
/// but for fields at the end of structs that one side lacks.
namespace rollcast::announce {

/// A type with a wire form, down to its last member: one from the table above that is default
/// constructible and movable. It may contain itself by way of a vector or a map.
template <class T>
concept wire_type = detail::check_wire_form<detail::on_failure::answer, T>();

/// The bytes of a value. Throws std::bad_alloc only. There is no limit of size: whether they fit
/// into a record or a datagram is seen by what takes them (`max_data_size`).
///
/// Two kinds of value give bytes that `decode` refuses: an enum that holds none of its described
/// enumerators, and structs more than `byte_reader::max_nesting` (32) deep in one another.
template <wire_type T>
std::vector<std::byte> encode(T const& value)
{
    byte_writer writer;
    if constexpr (detail::described_struct<T>) {
        detail::put_whole(writer, value);
    } else {
        detail::wire_form<T>::put(writer, value);
    }
    return std::move(writer).take();
}

/// The value of bytes that may come from anybody. It has memory of its own; the bytes are needed
/// for the call only.
///
/// Fails with `error::other_form` if they are of a struct whose fields do not begin as those of T
/// do, in names and types, and with `error::malformed` if the bytes end early or go on after the
/// value, and if any part is not in the one form that `encode` gives it: a varint longer than need
/// be, a number outside its type, a bool or the tag of an optional other than 00 and 01, an
/// enumerator that is not described, a minus zero, keys that are out of order or equal. Also if
/// structs lie more than `byte_reader::max_nesting` (32) deep in one another.
///
/// Throws std::bad_alloc only, and what constructors of T throw. A count is believed only as far
/// as the remaining bytes could hold so many elements: what is allocated is at most the number of
/// bytes times a constant of the type.
template <wire_type T>
result<T> decode(std::span<std::byte const> bytes)
{
    using boost::system::in_place_error;
    using boost::system::in_place_value;

    byte_reader reader(bytes);
    T value = T();
    error_code ec;
    if constexpr (detail::described_struct<T>) {
        ec = detail::get_whole(reader, value);
    } else if (!detail::wire_form<T>::get(reader, value) || !reader.rest().empty()) {
        ec = error::malformed;
    }
    if (ec) {
        return result<T>(in_place_error, ec);
    }
    return result<T>(in_place_value, std::move(value));
}

/// Chosen for a type without a wire form; the compile error names it and says what it lacks.
template <class T>
std::vector<std::byte> encode(T const&)
{
    detail::check_wire_form<detail::on_failure::explain, T>();
    return {};
}

/// Chosen for a type without a wire form; the compile error names it and says what it lacks.
template <class T>
result<T> decode(std::span<std::byte const>)
{
    detail::check_wire_form<detail::on_failure::explain, T>();
    return error_code(error::malformed);
}

} // namespace rollcast::announce
