// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace rollcast::bench {

/// Starts real charts on loopback and prints how soon they know each other next to the targets;
/// whether all of them were met.
bool run_latency();

} // namespace rollcast::bench
