// SPDX-License-Identifier: BSL-1.0
#include "support/other_process.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rollcast::test {

struct other_process::channel {
    explicit channel(boost::asio::io_context& context) : told(context) {}

    boost::asio::readable_pipe told;
    std::string read{};
};

namespace {

void write_line(int to, std::string_view line)
{
    auto const text = std::string(line) + "\n";
    if (::write(to, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("nobody reads what this process tells");
}

/// Nothing of the test program is unwound or flushed in the copy.
[[noreturn]] void be_the_other(int to, std::function<void(other_process::tell const&)> const& body)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    int status = 0;
    try {
        body([to](std::string_view line) { write_line(to, line); });
    } catch (std::exception const& failure) {
        status = 1;
        auto const text = std::string("the other process failed: ") + failure.what() + "\n";
        (void)!::write(STDERR_FILENO, text.data(), text.size());
    }
    ::_exit(status);
}

} // namespace

other_process::other_process(boost::asio::io_context& context,
                             std::function<void(tell const&)> const& body)
    : channel_(std::make_shared<channel>(context))
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::system_category(), "pipe2");
    id_ = ::fork();
    if (id_ == 0)
        be_the_other(ends[1], body);
    int const failure = errno;
    ::close(ends[1]);
    channel_->told.assign(ends[0]);
    if (id_ < 0)
        throw std::system_error(failure, std::system_category(), "fork");
}

other_process::~other_process()
{
    end();
}

void other_process::end() noexcept
{
    if (id_ < 0)
        return;
    boost::system::error_code ignored;
    channel_->told.close(ignored);
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
    id_ = -1;
}

boost::asio::awaitable<std::string> other_process::line()
{
    auto const from = channel_;
    auto const size = co_await boost::asio::async_read_until(
        from->told, boost::asio::dynamic_buffer(from->read), '\n', boost::asio::use_awaitable);
    auto const result = from->read.substr(0, size - 1);
    from->read.erase(0, size);
    co_return result;
}

} // namespace rollcast::test
