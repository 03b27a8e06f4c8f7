// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "sparse/listeners.hpp"

#include <cstddef>
#include <vector>

namespace rollcast::bench {

/// Microseconds from before a datagram is sent until its receiver has it, the median of as many,
/// one every two milliseconds; sender and receiver have cores of their own.
double wake_latency(listener_kind const& kind, std::size_t datagrams);

/// Nanoseconds of a look into a queue that is empty.
double bare_idle_look(std::size_t looks);
double idle_try_recv(std::size_t looks);

/// Nanoseconds that a receiver of so many groups takes for a datagram, each in turn.
double receive_in_turn(std::size_t groups, std::size_t datagrams);

/// The same of bare sockets in one epoll set: what the kernel alone takes for many.
double bare_in_turn(std::size_t groups, std::size_t datagrams);

/// Descriptors that a receiver of so many groups has open.
std::size_t descriptors_of(std::size_t groups);

} // namespace rollcast::bench
