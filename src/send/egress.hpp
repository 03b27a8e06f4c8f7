// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/send_socket.hpp"

#include <rollcast/send/publication_config.hpp>

namespace rollcast::send {

/// Source and interface as the kernel needs them; fails where they are unknown or contradict.
result<os::send_options> resolve_egress(publication_config const& config);

} // namespace rollcast::send
