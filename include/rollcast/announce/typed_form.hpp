// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/describe/bases.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

// What a description says of a struct, and whether it says all: a member that was forgotten in
// BOOST_DESCRIBE_STRUCT would silently not be sent. C++20 cannot list members, so the size of the
// struct and the number of its initializers have to tell.

namespace rollcast::announce::detail {

namespace describe = boost::describe;

/// Describe itself fails without a readable word on a base that is not described, so this is asked
/// first.
template <class T>
constexpr bool is_described_with_bases()
{
    if constexpr (describe::has_describe_members<T>::value &&
                  describe::has_describe_bases<T>::value) {
        return []<template <class...> class List, class... Base>(List<Base...>) {
            return (is_described_with_bases<typename Base::type>() && ...);
        }(describe::describe_bases<T, describe::mod_any_access>());
    } else {
        return false;
    }
}

/// A described class that `decode` could make and fill; whether the description is whole is another
/// question.
template <class T>
concept describable_struct =
    std::is_class_v<T> && std::same_as<T, std::remove_cv_t<T>> && std::default_initializable<T> &&
    std::movable<T> && is_described_with_bases<T>();

template <class Pointer>
struct member_type;

template <class Class, class Member>
struct member_type<Member Class::*> {
    using type = Member;
};

/// The type of the member that a descriptor of Describe stands for.
template <class Descriptor>
using member_type_t = typename member_type<std::remove_cv_t<decltype(Descriptor::pointer)>>::type;

/// What goes on the wire, in its order: the members of bases come first.
template <class T>
using members_of = describe::describe_members<T, describe::mod_public | describe::mod_inherited |
                                                     describe::mod_hidden>;

/// Those of the class itself, without its bases, whatever their access.
template <class T>
using own_members = boost::mp11::mp_rename<describe::describe_members<T, describe::mod_any_access>,
                                           boost::mp11::mp_list>;

template <class T>
using bases_of = boost::mp11::mp_rename<describe::describe_bases<T, describe::mod_any_access>,
                                        boost::mp11::mp_list>;

template <class Base>
using base_type_t = typename Base::type;

/// Whether the description, or that of a base, names what only the class itself may touch.
template <class T>
constexpr bool has_private_members()
{
    constexpr auto hidden = describe::mod_private | describe::mod_protected;
    return boost::mp11::mp_size<describe::describe_members<T, hidden>>::value != 0 ||
           []<class... Base>(boost::mp11::mp_list<Base...>) {
               return (has_private_members<typename Base::type>() || ...);
           }(bases_of<T>());
}

/// Stands for any member when they are counted.
struct any_member {
    template <class T>
    operator T() const;
};

/// Whether T can be made of so many initializers in braces.
template <class T, std::size_t... Index>
constexpr bool takes(std::index_sequence<Index...>)
{
    return requires { T{(static_cast<void>(Index), any_member())...}; };
}

/// Whether an aggregate has more members than these. Where a member cannot be counted, such as one
/// that takes anything itself, it says no.
template <class T, std::size_t Described>
constexpr bool takes_more_than()
{
    if constexpr (std::is_aggregate_v<T>) {
        return takes<T>(std::make_index_sequence<Described>()) &&
               takes<T>(std::make_index_sequence<Described + 1>());
    } else {
        return false;
    }
}

/// Where members would lie, by the rules of the Itanium ABI for simple classes, when they are
/// declared in the order of the description.
struct layout {
    std::size_t end = 0;
    std::size_t alignment = 1;

    template <class Part>
    constexpr void add()
    {
        end = (end + alignof(Part) - 1) / alignof(Part) * alignof(Part) + sizeof(Part);
        alignment = std::max(alignment, alignof(Part));
    }
    /// Padding at the end included; an empty class has one byte.
    constexpr std::size_t size() const
    {
        return std::max<std::size_t>((end + alignment - 1) / alignment * alignment, 1);
    }
};

/// Whether an object takes more room than what is described would in the order of the description.
/// What virtual functions and alignments of its own add is not known here: then it says no.
template <class T>
constexpr bool is_larger_than_described()
{
    layout expected;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<
        std::type_identity, boost::mp11::mp_transform<base_type_t, bases_of<T>>>>([&](auto base) {
        using type = typename decltype(base)::type;
        if (!std::is_empty_v<type>) {
            expected.add<type>();
        }
    });
    boost::mp11::mp_for_each<own_members<T>>(
        [&](auto member) { expected.add<member_type_t<decltype(member)>>(); });
    bool const known = !std::is_polymorphic_v<T> && alignof(T) <= expected.alignment;
    return known && sizeof(T) > expected.size();
}

/// Whether the struct, or a base, has members that the description does not name, as far as can be
/// known. An aggregate may be described in another order than it is declared in, which changes the
/// gaps between its members, so that it is the number that tells.
template <class T>
constexpr bool has_undescribed_members()
{
    constexpr auto described =
        boost::mp11::mp_size<own_members<T>>::value + boost::mp11::mp_size<bases_of<T>>::value;
    bool const own = std::is_aggregate_v<T> && takes<T>(std::make_index_sequence<described>())
                         ? takes_more_than<T, described>()
                         : is_larger_than_described<T>();
    return own || []<class... Base>(boost::mp11::mp_list<Base...>) {
        return (has_undescribed_members<typename Base::type>() || ...);
    }(bases_of<T>());
}

template <class T>
constexpr bool is_wholly_described()
{
    if constexpr (describable_struct<T>) {
        return !has_private_members<T>() && !has_undescribed_members<T>();
    } else {
        return false;
    }
}

/// A struct with a wire form of its own, if its members have one.
template <class T>
concept described_struct = describable_struct<T> && is_wholly_described<T>();

/// How a type is written: specialised for every type that has a wire form. The parts are needed to
/// find what has none, and `min_size` to bound what a count from the wire makes `get` allocate.
///
///     using parts = mp11::mp_list<...>;                  the types it is made of
///     static constexpr std::size_t min_size();           the fewest bytes a value takes
///     static constexpr std::size_t min_element_size();   the same of what it counts, if it counts
///     static constexpr void name(text_hash&, unsigned);  says what it is: typed_fingerprint.hpp
///     static void put(byte_writer&, T const&);
///     static bool get(byte_reader&, T&);                 false: malformed, and T is of no use
template <class T>
struct wire_form;

namespace mp11 = boost::mp11;

/// T itself has a wire form; what it is made of may have none.
template <class T>
concept known = requires { typename wire_form<T>::parts; };

/// On the wire a number of elements precedes them, as with vectors and maps.
template <class T>
concept counting = requires { wire_form<T>::min_element_size(); };

/// A part without a wire form counts as nothing here; `check_wire_form` objects to it.
template <class T>
constexpr std::size_t min_wire_size()
{
    if constexpr (known<T>) {
        return wire_form<T>::min_size();
    } else {
        return 0;
    }
}

/// Whether a count from the wire can be held against the bytes that are left: a thousand million
/// elements of no bytes each would otherwise fit into any datagram.
template <class T>
constexpr bool elements_take_room()
{
    if constexpr (counting<T>) {
        return wire_form<T>::min_element_size() > 0;
    } else {
        return true;
    }
}

/// What becomes of a type without a wire form: the answer is false, as a concept needs it, or a
/// compile error says why.
enum class on_failure { answer, explain };

template <on_failure Mode, class Parts, class... Around>
struct parts_check;

/// Whether T and all it is made of have a wire form; with `explain` a compile error says what has
/// none. `Around` are the types T lies in: one that contains itself is not looked into twice.
template <on_failure Mode, class T, class... Around>
constexpr bool check_wire_form()
{
    constexpr bool explain = Mode == on_failure::explain;
    if constexpr (mp11::mp_contains<mp11::mp_list<Around...>, T>::value) {
        return true;
    } else if constexpr (known<T>) {
        static_assert(!explain || elements_take_room<T>(),
                      "rollcast: the elements of this type take no bytes, so that a count of them "
                      "cannot be checked; give them a member");
        return parts_check<Mode, typename wire_form<T>::parts, T, Around...>::value &&
               elements_take_room<T>();
    } else if constexpr (describable_struct<T>) {
        static_assert(!explain || !has_private_members<T>(),
                      "rollcast: this struct has private or protected members, which others could "
                      "not be told of; make them public, or encode a struct made for the wire");
        static_assert(!explain || has_private_members<T>() || !has_undescribed_members<T>(),
                      "rollcast: not all members of this struct are described, so that some would "
                      "be lost; name every one in BOOST_DESCRIBE_STRUCT, in the order of their "
                      "declaration, or encode a struct made for the wire");
        return false;
    } else {
        static_assert(!explain,
                      "rollcast: this type has no wire form; describe a struct and its bases with "
                      "BOOST_DESCRIBE_STRUCT and make it default constructible, describe an enum "
                      "with BOOST_DESCRIBE_ENUM, and replace pointers, references and C arrays by "
                      "std::optional, values and std::array");
        return false;
    }
}

/// All parts are looked into, so that with `explain` each of them gets its error.
template <on_failure Mode, class... Part, class... Around>
struct parts_check<Mode, mp11::mp_list<Part...>, Around...> {
    static constexpr bool value = (check_wire_form<Mode, Part, Around...>() && ...);
};

} // namespace rollcast::announce::detail

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
