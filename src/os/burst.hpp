// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/time.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace rollcast::os {

/// Datagrams that go to the kernel in one call.
///
/// A message is one datagram, or a run of them that the kernel cuts (UDP_SEGMENT).
class burst {
public:
    static constexpr std::size_t most_messages = 64;

    burst();
    ~burst();

    void clear() noexcept;

    /// Adds a message of these payloads, which may have a time to leave only if it is a single
    /// datagram; false if the burst has no room for it.
    bool add(std::span<boost::asio::const_buffer const> payloads,
             boost::asio::ip::udp::endpoint const* destination,
             std::optional<net::launch_time> launch = {}) noexcept;

    std::size_t messages() const noexcept { return messages_; }

    /// Sends the messages from the first on; tells how many the kernel took, and if none, why.
    error_code send(native_socket socket, std::size_t& taken) noexcept;

private:
    struct headers;

    std::unique_ptr<headers> headers_;
    std::size_t messages_ = 0;
    std::size_t pieces_ = 0;
};

} // namespace rollcast::os
