// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/contender.hpp"

namespace rollcast::bench {

// What a program without a library would do: receive until the queue is empty, then poll.

/// One datagram a call and its sender; there is no room for control messages.
std::unique_ptr<contender> make_recvfrom(receive_setup const& setup);

/// One datagram a call, with its control messages.
std::unique_ptr<contender> make_recvmsg(receive_setup const& setup);

/// Many datagrams a call, or many runs of them.
std::unique_ptr<contender> make_recvmmsg(receive_setup const& setup);

} // namespace rollcast::bench
