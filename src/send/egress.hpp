// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/send_socket.hpp"

#include <rollcast/send/publication_config.hpp>

namespace rollcast::send {

/// Source and interface as the kernel needs them; fails where they are unknown or contradict.
result<os::send_options> resolve_egress(publication_config const& config);

/// Unspecified where the interface has no IPv4 address.
asio::ip::address first_ipv4(net::interface_info const& interface);

/// The group with the scope id the kernel wants: kept for narrow scopes, cleared for wider ones.
asio::ip::udp::endpoint scoped(net::group const& group, unsigned interface_index);

} // namespace rollcast::send
