// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/bare_socket.hpp"

#include <rollcast/net/group.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::bench {

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
