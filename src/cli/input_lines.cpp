// SPDX-License-Identifier: BSL-1.0
#include "cli/input_lines.hpp"

#include "cli/line_splitter.hpp"
#include "cli/problem.hpp"
#include "cli/threads.hpp"
#include "os/console/interruptible_input.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

namespace rollcast::cli {

/// The side of whoever waits for lines; lives and dies with the event loop.
struct input_lines::state {
    explicit state(asio::any_io_executor executor) : arrived(std::move(executor)) {}

    asio::steady_timer arrived; ///< Cancelled when a line has come.
    std::optional<std::string> line;
    error_code failure;
    bool reading = false;
    bool has_line = false;
};

/// The side of the thread that reads. It may touch the loop only while `closed` is not set.
struct input_lines::reader {
    void run(asio::any_io_executor const& executor, std::weak_ptr<state> const& to);

    /// Whether another line is wanted, as soon as that is known.
    bool wait_for_request();

    /// The next line, none at the end.
    std::optional<std::string> read(error_code& ec);

    std::mutex mutex;
    std::condition_variable changed;
    bool wanted = false;
    bool closed = false;

    os::interruptible_input input{stdin};
    line_splitter lines{longest};
    std::array<char, 1 << 16> piece;
    bool ended = false;
};

bool input_lines::reader::wait_for_request()
{
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return wanted || closed; });
    wanted = false;
    return !closed;
}

std::optional<std::string> input_lines::reader::read(error_code& ec)
{
    for (;;) {
        if (auto line = lines.next())
            return line;
        auto const size = ended ? 0 : input.read(piece, ec);
        ended = size == 0;
        if (ended)
            return lines.rest();
        lines.add({piece.data(), size});
    }
}

void input_lines::reader::run(asio::any_io_executor const& executor, std::weak_ptr<state> const& to)
{
    while (wait_for_request()) {
        error_code failure;
        auto line = read(failure);
        std::lock_guard const lock(mutex);
        if (closed)
            return;
        asio::post(executor, [to, failure, line = std::move(line)]() mutable {
            auto const waiting = to.lock();
            if (!waiting)
                return;
            waiting->line = std::move(line);
            waiting->failure = failure;
            waiting->has_line = true;
            waiting->reading = false;
            waiting->arrived.cancel();
        });
    }
}

input_lines::input_lines(asio::any_io_executor executor)
    : state_(std::make_shared<state>(executor)), reader_(std::make_unique<reader>())
{
    thread_ = start_thread([reader = reader_.get(), executor = std::move(executor),
                            to = std::weak_ptr(state_)] { reader->run(executor, to); });
}

input_lines::~input_lines()
{
    {
        std::lock_guard const lock(reader_->mutex);
        reader_->closed = true;
        reader_->changed.notify_one();
    }
    reader_->input.interrupt();
    thread_.join();
}

void input_lines::ask()
{
    std::lock_guard const lock(reader_->mutex);
    state_->reading = reader_->wanted = true;
    reader_->changed.notify_one();
}

asio::awaitable<std::optional<std::string>> input_lines::next()
{
    auto const self = state_;
    if (!self->has_line && !self->reading)
        ask();
    while (!self->has_line) {
        self->arrived.expires_at(asio::steady_timer::time_point::max());
        // A cancelled coroutine is thrown out by its next await; a line that came is not.
        co_await self->arrived.async_wait(asio::as_tuple(asio::use_awaitable));
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
    self->has_line = false;
    if (self->failure)
        throw problem(failed, "standard input", self->failure.message());
    co_return std::move(self->line);
}

} // namespace rollcast::cli
