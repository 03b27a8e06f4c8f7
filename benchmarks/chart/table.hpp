// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/options.hpp"

namespace rollcast::bench {

/// Prints what was measured next to its targets; whether all of them were met.
bool run_table(options const& wanted);

/// One seed of it, for each size and loss.
bool run_replay(options const& wanted);

} // namespace rollcast::bench
