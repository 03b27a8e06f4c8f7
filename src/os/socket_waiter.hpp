// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/readiness_set.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <span>

namespace rollcast::os {

/// Waits until one of a few sockets is readable: on the socket itself where there is but one, which
/// costs least.
class socket_waiter {
public:
    explicit socket_waiter(asio::any_io_executor executor);
    ~socket_waiter();

    /// Sets the sockets to wait for from now on; a wait that is under way ends. No socket may be
    /// closed before another call has taken it out. To watch no socket never throws.
    void watch(std::span<native_socket const> sockets);
    bool is_watching() const noexcept { return one_ || several_; }

    /// One wait at a time, and only while a socket is watched.
    /// @param ec  `operation_aborted` when the wait was cancelled, or other sockets are watched
    /// now.
    [[gnu::hot]] asio::awaitable<void> wait(error_code& ec);

    void cancel();

private:
    struct watch_of_one;

    asio::any_io_executor executor_;
    std::unique_ptr<watch_of_one> one_;
    std::unique_ptr<readiness_set> several_;

    // What a wait that ends was about: a `cancel` in the same step still needs it.
    std::unique_ptr<watch_of_one> former_one_;
    std::unique_ptr<readiness_set> former_several_;
};

} // namespace rollcast::os
