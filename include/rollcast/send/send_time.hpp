// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/time.hpp>

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>

namespace rollcast {

/// When a datagram has left.
struct send_time {
    std::uint32_t number = 0; ///< Of those that were sent since the socket was opened, from 0.
    net::kernel_time at{};
    net::time_source source = net::time_source::none; ///< By which clock.
    std::size_t missed = 0; ///< Times before this one that nobody read; some thousands are kept.
};
BOOST_DESCRIBE_STRUCT(send_time, (), (number, at, source, missed))

} // namespace rollcast
