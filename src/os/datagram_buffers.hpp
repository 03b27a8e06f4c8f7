// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/packet.hpp>

#include <cstddef>
#include <memory>

namespace rollcast::os {

/// Buffers that a socket's queue is emptied into, many at a time.
///
/// Each holds the largest datagram, or run of datagrams, there is. But small datagrams, spread
/// over pages of their own, would cost the kernel a tenth more time. So each buffer has a small
/// part too, all of which lie together; what does not fit there runs over into the large one, and
/// when that happens the large ones are filled directly until small datagrams come again.
class datagram_buffers {
public:
    explicit datagram_buffers(std::size_t count);
    ~datagram_buffers();

    std::size_t count() const noexcept { return count_; }

    /// Fills as many buffers as the queue has datagrams, or runs of datagrams; `would_block` when
    /// it has none. Throws where there is no memory for the control messages of the kernel.
    /// @param most  How many buffers to fill at most.
    [[gnu::hot]] error_code receive(native_socket socket, std::size_t most, std::size_t& filled);

    /// What came in one of the buffers filled, as far as the kernel tells.
    [[gnu::hot]] void describe(std::size_t buffer, detail::filled_buffer& out) const noexcept;

private:
    struct headers;

    [[gnu::hot]] int receive_one(native_socket socket) noexcept;
    [[gnu::hot]] int receive_many(native_socket socket, std::size_t most) noexcept;
    std::byte* small_part(std::size_t buffer) const noexcept;
    std::byte* large_part(std::size_t buffer) const noexcept;
    void lay_out(bool in_small_parts) noexcept;
    [[gnu::hot]] void gather(std::size_t filled) noexcept;

    std::size_t count_;
    std::unique_ptr<std::byte[]> storage_;
    std::unique_ptr<headers> headers_;
    bool in_small_parts_ = true;      ///< Where the next datagrams go.
    bool came_in_small_parts_ = true; ///< Where the last datagrams are.
};

} // namespace rollcast::os
