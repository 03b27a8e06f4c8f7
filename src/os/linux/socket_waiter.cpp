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
    ~watch_of_one()
    {
        if (descriptor.is_open())
            descriptor.release();
    }

    asio::posix::stream_descriptor descriptor;
};

socket_waiter::socket_waiter(asio::any_io_executor executor) : executor_(std::move(executor)) {}

socket_waiter::~socket_waiter() = default;

void socket_waiter::watch(std::span<native_socket const> sockets)
{
    if (one_) {
        one_->descriptor.release();
        former_one_ = std::move(one_);
    }
    if (several_) {
        several_->close();
        former_several_ = std::move(several_);
    }
    if (sockets.empty())
        return;
    if (sockets.size() == 1) {
        one_ = std::make_unique<watch_of_one>(executor_, sockets.front());
        return;
    }
    auto fresh = std::make_unique<readiness_set>(executor_);
    for (auto const each : sockets)
        (void)fresh->add(each, 0);
    several_ = std::move(fresh);
}

asio::awaitable<void> socket_waiter::wait(error_code& ec)
{
    // The wait before this one has ended.
    former_one_.reset();
    former_several_.reset();
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
