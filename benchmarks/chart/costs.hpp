// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace rollcast::bench {

/// Prints what one chart costs next to its targets; whether all of them were met.
bool run_costs();

} // namespace rollcast::bench
