// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Plain counters that each room fills; a leaf that knows no other room.
///
/// They are values: copy one, wait, copy again and subtract. Fields are described
/// (Boost.Describe), so a program can walk them.

#include <rollcast/metrics/counters.hpp>
