// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <optional>

namespace rollcast::os {

/// An error that the kernel keeps beside a socket that asked for that (IP_RECVERR).
struct queued_error {
    bool from_network = false; ///< Of an earlier datagram; else the call that failed has told it.
    asio::ip::udp::endpoint destination{};
    asio::ip::address reporter{};
    error_code error{};
    std::uint32_t mtu = 0;
};

/// The oldest one. As long as there are any, the socket counts as ready, and a call that sends may
/// fail with the latest of them without having tried anything.
std::optional<queued_error> take_queued_error(native_socket socket) noexcept;

} // namespace rollcast::os
