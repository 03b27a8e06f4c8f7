// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/self.hpp"

#include <rollcast/chart/chart_config.hpp>

#include <cstdint>

namespace rollcast::detail {

/// For an instance that was given no id.
std::uint64_t random_id();

/// What an engine needs to begin a life of its own: a random life, dated now, and a random seed.
engine_config new_life(chart_config const& config, std::uint64_t id);

} // namespace rollcast::detail
