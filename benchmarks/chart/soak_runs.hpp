// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/options.hpp"

namespace rollcast::bench {

/// Whether all seeds went well; prints how to replay those that did not.
bool run_soak(options const& wanted);

} // namespace rollcast::bench
