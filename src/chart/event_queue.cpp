// SPDX-License-Identifier: BSL-1.0
#include "chart/event_queue.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace rollcast::detail {

void event_queue::push(event const& value)
{
    std::unique_lock lock(mutex_);
    if (closed_)
        return;
    // Once one is missed the rest are too, until the reader has caught up: order is kept.
    if (missed_ != 0 || unread_.size() >= capacity)
        ++missed_;
    else
        unread_.push_back(value);
    auto waiting = take_waiter();
    lock.unlock();
    complete(std::move(waiting), {});
}

void event_queue::close(error_code const& why)
{
    std::unique_lock lock(mutex_);
    if (closed_)
        return;
    closed_ = why;
    auto waiting = take_waiter();
    lock.unlock();
    complete(std::move(waiting), {});
}

std::optional<event> event_queue::try_pop(error_code& ec)
{
    std::lock_guard const lock(mutex_);
    ec = {};
    if (!unread_.empty()) {
        auto next = std::move(unread_.front());
        unread_.pop_front();
        return next;
    }
    if (missed_ != 0) {
        event marker;
        marker.kind = event_kind::overflow;
        marker.missed = std::exchange(missed_, 0);
        return marker;
    }
    ec = closed_ ? *closed_ : error_code(asio::error::would_block);
    return std::nullopt;
}

void event_queue::wait(asio::any_io_executor executor, handler_type handler)
{
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto const where = asio::get_associated_executor(handler, executor);
    waiter fresh{std::move(handler), std::move(executor), asio::make_work_guard(where)};
    std::unique_lock lock(mutex_);
    if (waiter_ || has_news()) {
        auto const ec = waiter_ ? error_code(error::receive_in_progress) : error_code{};
        lock.unlock();
        return complete(std::move(fresh), ec);
    }
    ++waits_;
    if (slot.is_connected())
        slot.assign([weak = weak_from_this(), which = waits_](asio::cancellation_type) {
            if (auto const self = weak.lock())
                self->cancel_wait(which);
        });
    waiter_.emplace(std::move(fresh));
}

std::optional<event_queue::waiter> event_queue::take_waiter()
{
    auto waiting = std::move(waiter_);
    waiter_.reset();
    return waiting;
}

void event_queue::cancel_wait(std::uint64_t which)
{
    std::unique_lock lock(mutex_);
    if (which != waits_)
        return; // a slot outlives its wait; somebody else may be waiting by now
    auto waiting = take_waiter();
    lock.unlock();
    complete(std::move(waiting), asio::error::operation_aborted);
}

/// Never inline: whoever pushes may hold locks, and whoever waits has an executor of its own.
void event_queue::complete(std::optional<waiter> waiting, error_code const& ec)
{
    if (!waiting)
        return;
    auto resume = [handler = std::move(waiting->handler), ec]() mutable {
        std::move(handler)(ec);
    };
    asio::post(waiting->executor,
               asio::bind_executor(waiting->work.get_executor(), std::move(resume)));
}

} // namespace rollcast::detail
