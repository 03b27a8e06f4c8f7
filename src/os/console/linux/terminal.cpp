// SPDX-License-Identifier: BSL-1.0
#include "os/console/terminal.hpp"

#include <cstdint>
#include <utility>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace rollcast::os {

bool is_terminal(std::FILE* stream) noexcept
{
    return ::isatty(::fileno(stream)) == 1;
}

bool is_in_foreground(std::FILE* terminal) noexcept
{
    // Where it is not the terminal that controls this process, no shell manages jobs on it.
    auto const group = ::tcgetpgrp(::fileno(terminal));
    return group < 0 || group == ::getpgrp();
}

bool has_hung_up(std::FILE* stream) noexcept
{
    pollfd asked{::fileno(stream), POLLIN, 0};
    return ::poll(&asked, 1, 0) == 1 && (asked.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

std::optional<terminal_size> size_of(std::FILE* terminal) noexcept
{
    winsize size{};
    if (::ioctl(::fileno(terminal), TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
        return std::nullopt;
    return terminal_size{size.ws_row, size.ws_col};
}

namespace {

asio::posix::stream_descriptor watch(asio::any_io_executor executor, std::FILE* stream,
                                     std::uint32_t events)
{
    asio::posix::stream_descriptor watch(std::move(executor));
    auto const set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0)
        return watch;
    epoll_event event{};
    event.events = events;
    if (::epoll_ctl(set, EPOLL_CTL_ADD, ::fileno(stream), &event) == 0)
        watch.assign(set);
    else
        ::close(set);
    return watch;
}

} // namespace

asio::posix::stream_descriptor watch_input(asio::any_io_executor executor, std::FILE* stream)
{
    return watch(std::move(executor), stream, EPOLLIN);
}

asio::posix::stream_descriptor watch_reader(asio::any_io_executor executor, std::FILE* stream)
{
    return watch(std::move(executor), stream, 0); // errors and hangups are always told
}

} // namespace rollcast::os
