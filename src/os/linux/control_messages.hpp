// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/packet.hpp>

#include <sys/socket.h>

namespace rollcast::os {

/// Reads everything the kernel attached to what came in one buffer: destination, metadata and the
/// size of the datagrams of a run. Messages of unknown kinds are skipped; what the kernel does not
/// tell is reset, but for the size.
[[gnu::hot]] void take_control_messages(msghdr const& message, detail::filled_buffer& out) noexcept;

} // namespace rollcast::os
