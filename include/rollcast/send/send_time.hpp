// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/time.hpp>

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>

namespace rollcast {

/// When a datagram has left.
struct send_time {
    /// Of those that were handed to the kernel since the socket was opened, from 0. What the egress
    /// queue dropped counts, and with some kernels what had to wait for room in the send buffer
    /// counts once more. What the kernel had no room to tell is a hole.
    std::uint32_t number = 0;
    net::kernel_time at{};
    net::time_source source = net::time_source::none; ///< By which clock.
    std::size_t missed = 0; ///< Told before this one and not read in time; 4096 are kept.
};
BOOST_DESCRIBE_STRUCT(send_time, (), (number, at, source, missed))

} // namespace rollcast
