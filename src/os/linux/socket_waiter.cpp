// SPDX-License-Identifier: BSL-1.0
#include "os/socket_waiter.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace rollcast::os {

/// Lends the socket to the reactor.
struct socket_waiter::watch_of_one {
    watch_of_one(asio::any_io_executor const& executor, native_socket socket)
        : descriptor(executor, socket)
    {
    }
    watch_of_one(watch_of_one const&) = delete;
    ~watch_of_one() { descriptor.release(); }

    asio::posix::stream_descriptor descriptor;
};

socket_waiter::socket_waiter(asio::any_io_executor executor) : executor_(std::move(executor)) {}

socket_waiter::~socket_waiter() = default;

void socket_waiter::watch(std::span<native_socket const> sockets)
{
    one_.reset();
    if (several_)
        several_->close();
    several_.reset();
    if (sockets.size() == 1) {
        one_ = std::make_unique<watch_of_one>(executor_, sockets.front());
        return;
    }
    several_ = std::make_unique<readiness_set>(executor_);
    for (auto const each : sockets)
        (void)several_->add(each, 0);
}

asio::awaitable<void> socket_waiter::wait(error_code& ec)
{
    if (one_)
        return one_->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                           asio::redirect_error(asio::use_awaitable, ec));
    return several_->wait(ec);
}

void socket_waiter::cancel()
{
    error_code ignored;
    if (one_)
        one_->descriptor.cancel(ignored);
    if (several_)
        several_->cancel();
}

} // namespace rollcast::os
