// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/environment.hpp"
#include "testing/switchboard.hpp"

namespace rollcast::testing::detail {

/// The world of charts on this machine.
std::shared_ptr<chart_environment> environment_of(std::shared_ptr<machine> const& which);

} // namespace rollcast::testing::detail
