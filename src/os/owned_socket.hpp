// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <boost/asio/ip/udp.hpp>

#include <utility>

namespace rollcast::os {

using native_socket = asio::ip::udp::socket::native_handle_type;

/// Closes its socket in the end, unless `release` has handed that out.
class owned_socket {
public:
    explicit owned_socket(native_socket handle) noexcept : handle_(handle) {}
    owned_socket() noexcept : handle_(none) {}
    owned_socket(owned_socket&& other) noexcept : handle_(std::exchange(other.handle_, none)) {}
    owned_socket& operator=(owned_socket&& other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~owned_socket();

    bool is_open() const noexcept { return handle_ != none; }
    native_socket get() const noexcept { return handle_; }
    native_socket release() noexcept { return std::exchange(handle_, none); }

private:
    static constexpr native_socket none = -1;
    native_socket handle_;
};

/// Whether two sockets lie in one network namespace, as far as the system can tell.
bool share_network(native_socket one, native_socket other) noexcept;

/// Whether a socket lies in the network namespace in which this thread would make one now.
bool shares_network_with_thread(native_socket socket) noexcept;

/// What a socket is bound to.
result<asio::ip::udp::endpoint> bound_endpoint(native_socket socket);

} // namespace rollcast::os
