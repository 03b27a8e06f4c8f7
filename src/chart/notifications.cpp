// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart/notifications.hpp>

#include "chart/event_queue.hpp"
#include "detail/operation.hpp"
#include "detail/spawn.hpp"
#include "error/explanation.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace rollcast {
namespace {

asio::awaitable<event> next(std::shared_ptr<detail::event_queue> queue)
{
    auto const executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        detail::throw_if_cancelled(cancellation, "recv");
        error_code ec;
        auto event = queue->try_pop(ec);
        if (event)
            co_return std::move(*event);
        detail::throw_if(ec == asio::error::would_block ? error_code{} : ec, "recv",
                         [&](error_code const&) { return queue->reason(); });
        co_await queue->wait();
    }
}

/// For readers that see arrivals only, and not the event that tells of the loss.
void throw_if_missed(event const& what)
{
    bool const missed = what.kind == event_kind::overflow;
    detail::throw_if(missed ? error_code(error::events_missed) : error_code{}, "recv",
                     [&](error_code const& ec) {
                         return detail::explanation(detail::counted(what.missed, "event", "events"),
                                                    ec);
                     });
}

} // namespace

notifications::notifications(executor_type executor, std::shared_ptr<detail::event_queue> queue)
    : executor_(std::move(executor)), queue_(std::move(queue))
{
}

notifications::notifications(notifications&&) noexcept = default;

notifications& notifications::operator=(notifications&& other) noexcept
{
    if (this != &other) {
        notifications const ended(std::move(*this));
        executor_ = std::move(other.executor_);
        queue_ = std::move(other.queue_);
    }
    return *this;
}

notifications::~notifications()
{
    if (queue_)
        queue_->close(asio::error::operation_aborted);
}

asio::awaitable<event> notifications::recv()
{
    return next(queue_);
}

void notifications::start_recv(asio::any_completion_handler<event_signature> handler)
{
    detail::spawn(executor_, next(queue_), std::move(handler));
}

asio::awaitable<instance> notifications::next_instance(shared_queue queue)
{
    for (;;) {
        auto what = co_await next(queue);
        throw_if_missed(what);
        if (what.arrived())
            co_return std::move(what.who);
    }
}

asio::awaitable<reachable> notifications::next_reachable(shared_queue queue, std::size_t nth_port)
{
    for (;;) {
        auto const who = co_await next_instance(queue);
        auto const port = who.port(nth_port);
        if (port && !who.addresses.empty())
            co_return reachable{who.id, who.addresses.front(), *port};
    }
}

void notifications::note_unreadable(detail::event_queue const& queue, instance const& who,
                                    error_code const& why)
{
    queue.note_unreadable(who, why);
}

std::optional<event> notifications::try_recv()
{
    error_code ignored;
    return queue_->try_pop(ignored);
}

} // namespace rollcast
