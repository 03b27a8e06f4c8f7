// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/contender.hpp"

#include <cstddef>
#include <utility>

#include <netinet/in.h>

namespace rollcast::bench {

/// A socket without a library around it. All of them stay on `lo`.
class bare_socket {
public:
    bare_socket();
    bare_socket(bare_socket&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
    bare_socket& operator=(bare_socket&&) = delete;
    ~bare_socket();

    int get() const noexcept { return handle_; }
    int release() noexcept { return std::exchange(handle_, -1); }

private:
    int handle_;
};

/// Bound and joined, with isolation, queue and control messages as a subscription has them.
bare_socket open_receiver(receive_setup const& setup);

/// Connected to the group.
bare_socket open_sender(net::group const& group);

/// Sleeps until there is something to receive.
void wait_readable(int socket);

/// The same, but not for ever.
bool becomes_readable(int socket, int milliseconds);

/// Datagrams, or runs of them, that found no room in the queue so far.
std::size_t queue_drops(int socket);

} // namespace rollcast::bench
