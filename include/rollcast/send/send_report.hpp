// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/describe/class.hpp>

#include <cstddef>

namespace rollcast {

/// What became of one datagram handed to the kernel.
struct send_report {
    asio::ip::udp::endpoint destination{};
    asio::ip::udp::endpoint source{}; ///< Address and port on the wire.
    std::size_t bytes = 0;            ///< Payload.
};
BOOST_DESCRIBE_STRUCT(send_report, (), (destination, source, bytes))

/// A unicast answer to a publication.
struct reply {
    std::size_t bytes = 0; ///< Payload now in the caller's buffer.
    asio::ip::udp::endpoint source{};
};
BOOST_DESCRIBE_STRUCT(reply, (), (bytes, source))

} // namespace rollcast
