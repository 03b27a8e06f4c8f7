// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "end_to_end/window.hpp"
#include "support/tally.hpp"

#include <rollcast/net/group.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace rollcast::bench {

using time_point = std::chrono::steady_clock::time_point;

/// Datagrams from one socket to another; each end is used by a thread of its own.
class pipeline {
public:
    virtual ~pipeline() = default;

    /// Sends until the time has come, as fast as the window allows.
    virtual void send(time_point end, window& window) = 0;

    /// Receives until the datagram that ends the measurement.
    virtual void receive(tally& into, window& window) = 0;
};

using pipeline_factory = std::unique_ptr<pipeline> (*)(net::group const& group, std::size_t size);

/// `send` and `recvfrom` without a library around them, a call on each end for every datagram.
std::unique_ptr<pipeline> make_one_call_per_packet(net::group const& group, std::size_t size);

/// `publication.send_batch` to `subscription.recv_batch`.
std::unique_ptr<pipeline> make_batch(net::group const& group, std::size_t size);

} // namespace rollcast::bench
