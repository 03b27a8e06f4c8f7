// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>
#include <rollcast/net.hpp>

#include <optional>
#include <ostream>

// How Boost.Test shows our values when an assertion fails: as they print themselves.
