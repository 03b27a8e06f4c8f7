// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/environment.hpp"
#include "protocol/self.hpp"

#include <cstdint>

namespace rollcast::detail {

/// For an instance that was given no id.
std::uint64_t random_id(chart_environment& chance);

/// What an engine needs to begin a life of its own: a random life, dated now, and a random seed.
engine_config new_life(chart_config const& config, std::uint64_t id, chart_environment& world);

} // namespace rollcast::detail
