// SPDX-License-Identifier: BSL-1.0
#include <rollcast/detail/same_boost.hpp>

template <>
void rollcast::this_program_and_librollcast_must_use_the_same_Boost::version<
    BOOST_VERSION>() noexcept
{
}
