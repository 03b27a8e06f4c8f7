// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/multicast_socket.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace rollcast::os {

/// What came in one buffer.
struct received {
    std::span<std::byte const> payload{};
    std::size_t datagram_size = 0; ///< Of each datagram in the buffer but the last.
    asio::ip::udp::endpoint source{};
    asio::ip::address destination{};
    bool truncated = false;
    packet_metadata metadata{};
};

/// Buffers that a socket's queue is emptied into, many at a time.
class datagram_buffers {
public:
    explicit datagram_buffers(std::size_t count);
    ~datagram_buffers();

    std::size_t count() const noexcept { return count_; }

    /// Fills as many buffers as there are datagrams, or runs of them, in the queue;
    /// `would_block` when there are none.
    error_code receive(native_socket socket, std::size_t& filled) noexcept;

    /// What came in one of the buffers filled.
    void describe(std::size_t buffer, received& out) const noexcept;

private:
    struct headers;

    std::size_t count_;
    std::unique_ptr<std::byte[]> storage_;
    std::unique_ptr<headers> headers_;
};

} // namespace rollcast::os
