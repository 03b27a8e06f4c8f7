// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/group.hpp>

#include <cstddef>
#include <utility>

#include <netinet/in.h>

namespace rollcast::bench {

/// Bytes of receive queue that everybody asks for.
inline constexpr std::size_t queue_bytes = 4 << 20;

/// A socket without a library around it. All of them stay on `lo`.
class bare_socket {
public:
    bare_socket();
    explicit bare_socket(int handle) noexcept : handle_(handle) {}
    bare_socket(bare_socket&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
    bare_socket& operator=(bare_socket&&) = delete;
    ~bare_socket();

    int get() const noexcept { return handle_; }
    int release() noexcept { return std::exchange(handle_, -1); }

private:
    int handle_;
};

/// Bound and joined, with isolation and queue as a subscription has them.
bare_socket open_receiver(net::group const& group);

/// Asks for runs of datagrams in one piece.
void ask_for_runs(int socket);

/// Connected to the group.
bare_socket open_sender(net::group const& group);

/// Sleeps until there is something to receive.
void wait_readable(int socket);

/// Sleeps until there is room to send.
void wait_writable(int socket);

/// Like `wait_readable`, but not for ever.
bool becomes_readable(int socket, int milliseconds);

/// Datagrams, or runs of them, that found no room in the queue so far.
std::size_t queue_drops(int socket);

} // namespace rollcast::bench
