// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/printing.hpp"
#include "support/printing.hpp"

#include <rollcast/chart.hpp>

#include <chrono>
#include <ostream>

// How Boost.Test shows the values of the chart room when an assertion fails.

namespace std::chrono {

template <class Rep, class Period>
std::ostream& boost_test_print_type(std::ostream& out, duration<Rep, Period> const& value)
{
    return out << duration<double, std::milli>(value).count() << " ms";
}

} // namespace std::chrono
