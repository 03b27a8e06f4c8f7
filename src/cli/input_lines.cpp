// SPDX-License-Identifier: BSL-1.0
#include "cli/input_lines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

namespace rollcast::cli {

struct input_lines::state {
    explicit state(asio::any_io_executor where) : executor(where), arrived(where) {}

    /// Runs on a thread of its own, which the end of the program ends where it stands.
    static void read(std::shared_ptr<state> self);

    asio::any_io_executor executor;
    asio::steady_timer arrived; ///< Cancelled when a line has come.
    std::optional<std::string> line;
    bool reading = false;
    bool has_line = false;

    std::mutex mutex;
    std::condition_variable changed;
    bool wanted = false;
    bool closed = false;
};

void input_lines::state::read(std::shared_ptr<state> self)
{
    for (;;) {
        std::unique_lock lock(self->mutex);
        self->changed.wait(lock, [&] { return self->wanted || self->closed; });
        if (self->closed)
            return;
        self->wanted = false;
        lock.unlock();

        std::string text;
        std::optional<std::string> line;
        if (std::getline(std::cin, text))
            line = std::move(text);

        lock.lock();
        if (self->closed)
            return;
        asio::post(self->executor, [self, line = std::move(line)]() mutable {
            self->line = std::move(line);
            self->has_line = true;
            self->reading = false;
            self->arrived.cancel();
        });
    }
}

input_lines::input_lines(asio::any_io_executor executor)
    : state_(std::make_shared<state>(std::move(executor)))
{
    std::thread(state::read, state_).detach();
}

input_lines::~input_lines()
{
    std::lock_guard const lock(state_->mutex);
    state_->closed = true;
    state_->changed.notify_one();
}

asio::awaitable<std::optional<std::string>> input_lines::next()
{
    auto const self = state_;
    if (!self->has_line && !self->reading) {
        std::lock_guard const lock(self->mutex);
        self->reading = self->wanted = true;
        self->changed.notify_one();
    }
    while (!self->has_line) {
        self->arrived.expires_at(asio::steady_timer::time_point::max());
        // A cancelled coroutine is thrown out by its next await; a line that came is not.
        co_await self->arrived.async_wait(asio::as_tuple(asio::use_awaitable));
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none)
            throw boost::system::system_error(asio::error::operation_aborted);
    }
    self->has_line = false;
    co_return std::move(self->line);
}

} // namespace rollcast::cli
