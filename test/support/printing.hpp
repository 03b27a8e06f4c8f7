// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <optional>
#include <ostream>

// How Boost.Test shows our values when an assertion fails.

namespace rollcast {

inline std::ostream& boost_test_print_type(std::ostream& out, error value)
{
    return out << make_error_code(value).message();
}

} // namespace rollcast

namespace rollcast::net {

inline std::ostream& boost_test_print_type(std::ostream& out, scope value)
{
    return out << boost::describe::enum_to_string(value, "unnamed") << " ("
               << static_cast<unsigned>(value) << ')';
}

inline std::ostream& boost_test_print_type(std::ostream& out, group const& value)
{
    return out << to_string(value);
}

} // namespace rollcast::net
