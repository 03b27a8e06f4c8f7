// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/announce/typed_members.hpp>

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <cstddef>

namespace rollcast::announce::detail {

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
