// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/subscription_config.hpp>

namespace rollcast::receive {

/// The first rule about sources, wanted or blocked, that the configuration breaks.
error_code validate_sources(subscription_config const& config);

} // namespace rollcast::receive
