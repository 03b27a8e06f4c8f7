// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/datagram_buffers.hpp"

#include <sys/socket.h>

namespace rollcast::os {

/// Reads everything the kernel attached to a datagram; what it does not know it skips.
void take_control_messages(msghdr const& message, received& out) noexcept;

} // namespace rollcast::os
