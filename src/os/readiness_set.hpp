// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <vector>

namespace rollcast::os {

/// Tells which of many sockets have something to read, with one question and one wait for all.
class readiness_set {
public:
    explicit readiness_set(asio::any_io_executor executor);
    ~readiness_set();

    /// A socket that is in the set already stays; a socket that is closed leaves by itself.
    error_code add(native_socket socket, std::uint64_t key);
    void remove(native_socket socket) noexcept;

    /// Appends the keys of the sockets that are readable now.
    [[gnu::hot]] void collect(std::vector<std::uint64_t>& keys);

    /// Completes when one of the sockets is readable.
    /// @param ec  `operation_aborted` when the wait was cancelled or the set closed.
    [[gnu::hot]] asio::awaitable<void> wait(error_code& ec);

    void cancel();
    void close();
    asio::any_io_executor get_executor();

private:
    struct set;
    std::unique_ptr<set> set_;
};

} // namespace rollcast::os
