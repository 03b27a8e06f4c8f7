// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/contender.hpp"
#include "support/bare_socket.hpp"

#include <rollcast/net/packet.hpp>

#include <cstddef>
#include <cstdint>

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

namespace rollcast::bench {

/// What a program that uses the system calls itself would keep of a datagram's control messages.
struct bare_metadata {
    in_addr destination{};
    int interface_index = 0;
    std::uint32_t dropped = 0;
    int hop_limit = 0;
    int traffic_class = 0;
    timespec received_at{};
    int segment_size = 0; ///< 0: the buffer holds a single datagram.
};

/// Room for all control messages that may be asked for.
inline constexpr std::size_t control_size = 256;

/// Asks the kernel for the control messages that are always there, and for those of the mask.
void ask_for_metadata(int socket, metadata_mask mask);

/// Bound and joined, with isolation, queue and control messages as a subscription has them.
bare_socket open_receiver(receive_setup const& setup);

/// Reads what the kernel attached.
void read_metadata(msghdr& message, bare_metadata& out) noexcept;

} // namespace rollcast::bench
