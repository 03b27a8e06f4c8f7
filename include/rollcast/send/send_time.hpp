// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/time.hpp>

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>

namespace rollcast {

/// When a datagram has left, see `publication::send_time_told`.
struct send_time {
    /// Which datagram: its number among those handed to the kernel since the socket was opened,
    /// from 0. A datagram that the egress queue dropped counts, and with some kernels one that had
    /// to wait for room in the send buffer counts once more. Where the kernel had no room to tell
    /// of a datagram its number is left out.
    std::uint32_t number = 0;
    net::kernel_time at{}; ///< By the clock of `source`, see `net::kernel_time`.
    net::time_source source = net::time_source::none; ///< Who looked at a clock.
    /// Times before this one that were lost because the program did not read them; the newest 4096
    /// are kept.
    std::size_t missed = 0;
};
BOOST_DESCRIBE_STRUCT(send_time, (), (number, at, source, missed))

} // namespace rollcast
