// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/contender.hpp"

namespace rollcast::bench {

/// A coroutine around Asio's own `async_receive_from`, which has no room for control messages.
std::unique_ptr<contender> make_async_receive_from(receive_setup const& setup);

} // namespace rollcast::bench
