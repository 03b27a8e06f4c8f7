// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/contender.hpp"

namespace rollcast::bench {

// What a program without a library would do: send on a connected socket, and poll where it is full.

/// One datagram a call.
std::unique_ptr<contender> make_bare_send(send_setup const& setup);

/// 64 datagrams a call.
std::unique_ptr<contender> make_sendmmsg(send_setup const& setup);

/// A batch a call, in runs that lie in one piece and are cut by the kernel.
std::unique_ptr<contender> make_udp_segment(send_setup const& setup);

} // namespace rollcast::bench
