// SPDX-License-Identifier: BSL-1.0
#include "chart/event_queue.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace rollcast::detail {

void event_queue::push(event const& value)
{
    {
        std::lock_guard const lock(mutex_);
        if (closed_)
            return;
        // Once one is missed the rest are too, until the reader has caught up: order is kept.
        if (missed_ != 0 || unread_.size() >= capacity)
            ++missed_;
        else
            unread_.push_back(value);
    }
    news_.try_send(error_code{});
}

void event_queue::close(error_code const& why)
{
    {
        std::lock_guard const lock(mutex_);
        if (!closed_)
            closed_ = why;
    }
    news_.try_send(error_code{});
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

asio::awaitable<void> event_queue::wait()
{
    return news_.async_receive(asio::use_awaitable);
}

} // namespace rollcast::detail
