// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/send/network_error.hpp>

#include <cstdint>
#include <deque>
#include <optional>

namespace rollcast::send {

/// What the network has told of datagrams that had left and nobody has read yet, bounded.
class network_errors {
public:
    static constexpr std::size_t capacity = 32; ///< Beyond it the oldest is dropped.

    /// Takes what the kernel keeps beside this socket; how much of it the network has told.
    std::uint64_t take_from(os::native_socket socket);

    std::optional<network_error> pop();

private:
    std::deque<network_error> unread_;
};

} // namespace rollcast::send
