// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/byte_reader.hpp>
#include <rollcast/announce/byte_writer.hpp>
#include <rollcast/announce/typed_form.hpp>

#include <boost/describe/bases.hpp>
#include <boost/describe/class.hpp>
#include <boost/describe/members.hpp>
#include <boost/describe/modifiers.hpp>

#include <concepts>
#include <type_traits>

namespace rollcast::announce::detail {

namespace describe = boost::describe;

/// Describe itself fails without a readable word on a base that is not described.
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

template <class T>
concept described_struct =
    std::is_class_v<T> && std::same_as<T, std::remove_cv_t<T>> && std::default_initializable<T> &&
    std::movable<T> && is_described_with_bases<T>();

/// Those of public bases first; private and static members stay out.
template <class T>
using members_of = describe::describe_members<T, describe::mod_public | describe::mod_inherited |
                                                     describe::mod_hidden>;

template <class Pointer>
struct member_type;

template <class Class, class Member>
struct member_type<Member Class::*> {
    using type = Member;
};

template <class Descriptor>
using member_type_t = typename member_type<std::remove_cv_t<decltype(Descriptor::pointer)>>::type;

template <described_struct T>
struct wire_form<T> {
    using parts = mp11::mp_transform<member_type_t, mp11::mp_rename<members_of<T>, mp11::mp_list>>;

    static constexpr std::size_t min_size()
    {
        return []<class... Part>(mp11::mp_list<Part...>) {
            return (std::size_t{0} + ... + min_wire_size<Part>());
        }(parts());
    }

    static void put(byte_writer& writer, T const& value)
    {
        mp11::mp_for_each<members_of<T>>([&](auto member) {
            wire_form<member_type_t<decltype(member)>>::put(writer, value.*member.pointer);
        });
    }

    static bool get(byte_reader& reader, T& into)
    {
        if (!reader.enter()) {
            return false;
        }
        bool read = true;
        mp11::mp_for_each<members_of<T>>([&](auto member) {
            read = read &&
                   wire_form<member_type_t<decltype(member)>>::get(reader, into.*member.pointer);
        });
        reader.leave();
        return read;
    }
};

} // namespace rollcast::announce::detail
