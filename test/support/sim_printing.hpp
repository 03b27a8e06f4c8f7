// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/printing.hpp"

#include <rollcast/announce/announcement.hpp>
#include <rollcast/chart/event.hpp>

#include <boost/describe/enum_to_string.hpp>

#include <chrono>
#include <ostream>

// How Boost.Test shows the values of the chart room when an assertion fails.

namespace rollcast {

inline std::ostream& boost_test_print_type(std::ostream& out, event_kind value)
{
    return out << boost::describe::enum_to_string(value, "unnamed");
}

inline std::ostream& boost_test_print_type(std::ostream& out, message_type value)
{
    return out << boost::describe::enum_to_string(value, "unnamed");
}

} // namespace rollcast

namespace std::chrono {

template <class Rep, class Period>
std::ostream& boost_test_print_type(std::ostream& out, duration<Rep, Period> const& value)
{
    return out << duration<double, std::milli>(value).count() << " ms";
}

} // namespace std::chrono
