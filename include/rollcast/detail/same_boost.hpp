// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/export.hpp>

#include <boost/version.hpp>

namespace rollcast::this_program_and_librollcast_must_use_the_same_Boost {

template <int boost_version>
void version() noexcept;

/// The library has this for the Boost that it was built with, and for no other.
template <>
ROLLCAST_EXPORT void version<BOOST_VERSION>() noexcept;

/// Refers to it from whatever hands objects of Asio to the library: a program compiled with another
/// Boost, whose objects have another layout, does not link, and the name says why. The attributes
/// keep it where compilers and linkers drop what nobody uses.
[[gnu::used, gnu::retain]] inline constexpr void (*tie)() noexcept = &version<BOOST_VERSION>;

} // namespace rollcast::this_program_and_librollcast_must_use_the_same_Boost
