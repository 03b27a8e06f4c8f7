// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/describe/bases.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
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

} // namespace rollcast::announce::detail
