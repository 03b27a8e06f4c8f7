// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/contender.hpp"

namespace rollcast::bench {

/// A coroutine around Asio's own `async_send_to`.
std::unique_ptr<contender> make_async_send_to(send_setup const& setup);

} // namespace rollcast::bench
