// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/bare_socket.hpp"

#include <rollcast/net/group.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace rollcast::bench {

/// How many datagrams of a size every kernel with UDP_SEGMENT takes in one piece.
constexpr std::size_t run_length(std::size_t size)
{
    constexpr std::size_t most_segments = 64;
    constexpr std::size_t most_bytes = 65507;
    return std::min(most_segments, most_bytes / size);
}

/// Sends datagrams of one size to a group, each on its own or in runs (UDP_SEGMENT).
class sender {
public:
    sender(net::group const& group, std::size_t size, bool in_runs);

    std::size_t packets_per_send() const noexcept { return bytes_.size() / size_; }

    /// So many datagrams, or runs of them.
    void send(std::size_t sends);

    /// One datagram that begins with this byte.
    void send_mark(std::byte mark);

private:
    bare_socket socket_;
    std::size_t size_;
    std::vector<std::byte> bytes_;
};

} // namespace rollcast::bench
