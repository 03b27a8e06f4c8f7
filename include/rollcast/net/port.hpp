// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace rollcast::net {

/// A UDP or TCP port; the same type as Asio uses, without the sockets that come with it.
using port_type = std::uint16_t;

} // namespace rollcast::net
