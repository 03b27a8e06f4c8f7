// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/pacer.hpp>

#include "detail/operation.hpp"
#include "detail/spawn.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <list>
#include <memory>
#include <utility>

namespace rollcast {

struct ROLLCAST_HIDDEN pacer::state {
    state(executor_type on, double per_second) : executor(std::move(on)), pace(per_second) {}

    executor_type executor;
    rollcast::pace pace;
    std::list<asio::steady_timer> waiting;
    bool closed = false;

    void close()
    {
        closed = true;
        for (auto& each : waiting)
            each.cancel();
    }

    static asio::awaitable<void> turn(std::shared_ptr<state> self, std::uint64_t count);
    static asio::awaitable<void> wait_until(std::shared_ptr<state> self,
                                            rollcast::pace::clock::time_point when);
};

asio::awaitable<void> pacer::state::wait_until(std::shared_ptr<state> self,
                                               rollcast::pace::clock::time_point when)
{
    auto const timer = self->waiting.emplace(self->waiting.end(), self->executor, when);
    error_code ec;
    try {
        co_await timer->async_wait(asio::use_awaitable);
    } catch (boost::system::system_error const& problem) {
        ec = problem.code();
    }
    self->waiting.erase(timer);
    if (self->closed)
        ec = asio::error::operation_aborted;
    detail::throw_if(ec, "turn");
}

asio::awaitable<void> pacer::state::turn(std::shared_ptr<state> self, std::uint64_t count)
{
    detail::throw_if_cancelled(co_await asio::this_coro::cancellation_state, "turn");
    detail::throw_if(self->closed ? error_code(asio::error::operation_aborted) : error_code(),
                     "turn");
    auto const now = rollcast::pace::clock::now();
    auto const when = self->pace.reserve(count, now);
    if (when <= now)
        co_return;
    try {
        co_await wait_until(self, when);
    } catch (boost::system::system_error const&) {
        self->pace.give_back(count);
        throw;
    }
}

pacer::pacer(executor_type executor, double per_second)
    : state_(std::make_shared<state>(std::move(executor), per_second))
{
}

pacer::pacer(pacer&&) noexcept = default;

pacer& pacer::operator=(pacer&& other) noexcept
{
    if (this != &other) {
        pacer const ended(std::move(*this));
        state_ = std::move(other.state_);
    }
    return *this;
}

pacer::~pacer()
{
    if (state_)
        state_->close();
}

pacer::executor_type pacer::get_executor() const
{
    return state_->executor;
}

double pacer::per_second() const
{
    return state_->pace.per_second();
}

void pacer::set_rate(double per_second)
{
    state_->pace.set_rate(per_second);
}

asio::awaitable<void> pacer::turn(std::uint64_t count)
{
    return state::turn(state_, count);
}

void pacer::start_turn(asio::any_completion_handler<turn_signature> handler, std::uint64_t count)
{
    detail::spawn(get_executor(), turn(count), std::move(handler));
}

} // namespace rollcast
