// SPDX-License-Identifier: BSL-1.0
#include "os/readiness_set.hpp"

#include "os/linux/last_error.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <array>

#include <sys/epoll.h>

namespace rollcast::os {
namespace {

int open_set()
{
    auto const handle = ::epoll_create1(EPOLL_CLOEXEC);
    if (handle < 0)
        throw boost::system::system_error(last_error(), "cannot watch sockets");
    return handle;
}

} // namespace

struct readiness_set::set {
    explicit set(asio::any_io_executor executor) : descriptor(std::move(executor), open_set()) {}

    asio::posix::stream_descriptor descriptor; ///< Of the epoll set, readable when a socket is.
};

readiness_set::readiness_set(asio::any_io_executor executor)
    : set_(std::make_unique<set>(std::move(executor)))
{
}

readiness_set::~readiness_set() = default;

error_code readiness_set::add(native_socket socket, std::uint64_t key)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = key;
    auto const done =
        ::epoll_ctl(set_->descriptor.native_handle(), EPOLL_CTL_ADD, socket, &event) == 0;
    return done || errno == EEXIST ? error_code{} : last_error();
}

void readiness_set::remove(native_socket socket) noexcept
{
    epoll_event ignored{};
    (void)::epoll_ctl(set_->descriptor.native_handle(), EPOLL_CTL_DEL, socket, &ignored);
}

void readiness_set::collect(std::vector<std::uint64_t>& keys)
{
    // Sockets that do not fit are told the next time: the kernel goes round.
    std::array<epoll_event, 64> events;
    auto const count = ::epoll_wait(set_->descriptor.native_handle(), events.data(),
                                    static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
        auto const key = events[static_cast<std::size_t>(i)].data.u64; // packed: no reference to it
        keys.push_back(key);
    }
}

asio::awaitable<void> readiness_set::wait(error_code& ec)
{
    return set_->descriptor.async_wait(asio::posix::descriptor_base::wait_read,
                                       asio::redirect_error(asio::use_awaitable, ec));
}

void readiness_set::cancel()
{
    error_code ignored;
    set_->descriptor.cancel(ignored);
}

void readiness_set::close()
{
    error_code ignored;
    set_->descriptor.close(ignored);
}

asio::any_io_executor readiness_set::get_executor()
{
    return set_->descriptor.get_executor();
}

} // namespace rollcast::os
