// SPDX-License-Identifier: BSL-1.0
#include "os/interfaces.hpp"

#include "detail/operation.hpp"
#include "os/linux/last_error.hpp"
#include "os/multicast_socket.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

#include <linux/rtnetlink.h>
#include <sys/socket.h>

namespace rollcast::os {
namespace {

owned_socket open_reports()
{
    owned_socket socket(
        ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
    if (socket.get() < 0 ||
        ::bind(socket.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
        throw boost::system::system_error(last_error(), "cannot watch interfaces");
    return socket;
}

} // namespace

struct interface_reports::socket {
    explicit socket(asio::any_io_executor executor)
        : descriptor(std::move(executor), open_reports().release())
    {
    }

    /// An overrun (ENOBUFS) is a report too: something changed, and the caller lists anew.
    bool take_all() noexcept
    {
        std::array<std::byte, 8192> ignored;
        bool any = false;
        while (::recv(descriptor.native_handle(), ignored.data(), ignored.size(), 0) >= 0 ||
               errno == ENOBUFS)
            any = true;
        return any;
    }

    error_code closed_reason() const noexcept
    {
        return descriptor.is_open() ? error_code{} : asio::error::operation_aborted;
    }

    asio::posix::stream_descriptor descriptor;
};

interface_reports::interface_reports(asio::any_io_executor executor)
    : socket_(std::make_unique<socket>(std::move(executor)))
{
}

interface_reports::~interface_reports() = default;

asio::any_io_executor interface_reports::get_executor()
{
    return socket_->descriptor.get_executor();
}

asio::awaitable<void> interface_reports::wait()
{
    bool const under_way = co_await detail::is_under_way();
    if (!under_way)
        co_await asio::post(socket_->descriptor.get_executor(), asio::use_awaitable);
    for (bool any = false; !any;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "changed");
        detail::throw_if(socket_->closed_reason(), "changed");
        any = socket_->take_all();
        if (!any)
            co_await socket_->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                                    asio::use_awaitable);
    }
}

void interface_reports::close()
{
    error_code ignored;
    socket_->descriptor.close(ignored);
}

} // namespace rollcast::os
