// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/error_queue.hpp"

#include <sys/socket.h>

namespace rollcast::os {

/// Reads what the kernel attached to a message of the error queue. Messages of unknown kinds are
/// skipped.
void read_queued_report(msghdr const& message, queued_report& out) noexcept;

} // namespace rollcast::os
