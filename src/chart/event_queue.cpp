// SPDX-License-Identifier: BSL-1.0
#include "chart/event_queue.hpp"

#include <rollcast/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace rollcast::detail {

/// As many events as a chart has to tell at once that loses and regains every instance twice.
std::size_t event_capacity(chart_config const& config) noexcept
{
    constexpr std::size_t most = SIZE_MAX / 4;
    auto const by_members = std::min(config.max_instances, most) * 4;
    return config.event_capacity.value_or(std::max<std::size_t>(1024, by_members));
}

void event_queue::begin_with(std::vector<event> const& values)
{
    std::lock_guard const lock(mutex_);
    unread_.assign(values.begin(), values.end());
    begun_with_ = values.size();
}

void event_queue::push(event const& value)
{
    std::lock_guard const lock(mutex_);
    if (closed_)
        return;
    // Once one event is missed the rest are too, until the reader has caught up: order is kept.
    if (missed_ != 0 || unread_.size() - begun_with_ >= capacity_)
        ++missed_, missed_size_ = value.size;
    else
        unread_.push_back(value);
    news_.cancel();
}

void event_queue::close(explained_error const& why)
{
    std::lock_guard const lock(mutex_);
    if (!closed_)
        closed_ = why;
    news_.cancel();
}

std::optional<event> event_queue::try_pop(error_code& ec)
{
    std::lock_guard const lock(mutex_);
    ec = {};
    if (!unread_.empty()) {
        auto next = std::move(unread_.front());
        unread_.pop_front();
        begun_with_ -= begun_with_ > 0;
        return next;
    }
    if (missed_ != 0) {
        event marker;
        marker.kind = event_kind::overflow;
        marker.missed = std::exchange(missed_, 0);
        marker.size = missed_size_;
        return marker;
    }
    ec = closed_ ? *closed_ : error_code(asio::error::would_block);
    return std::nullopt;
}

std::string event_queue::reason() const
{
    std::lock_guard const lock(mutex_);
    return closed_ ? closed_->message() : std::string();
}

/// Begins to wait for an event, or completes at once if there is one by now.
struct event_queue::wait_start {
    event_queue& queue;

    void operator()(auto handler) const
    {
        std::lock_guard const lock(queue.mutex_);
        auto const when = queue.has_news() ? asio::steady_timer::time_point::min()
                                           : asio::steady_timer::time_point::max();
        queue.news_.expires_at(when);
        queue.news_.async_wait(std::move(handler));
    }
};

/// Lets one reader wait at a time: another one would wake the first, and the first the other.
class event_queue::only_reader {
public:
    explicit only_reader(std::atomic<bool>& waiting) : waiting_(waiting)
    {
        throw_if(waiting.exchange(true) ? error_code(error::receive_in_progress) : error_code{},
                 "recv");
    }
    ~only_reader() { waiting_ = false; }
    only_reader(only_reader const&) = delete;

private:
    std::atomic<bool>& waiting_;
};

asio::awaitable<void> event_queue::wait()
{
    only_reader const guard(waiting_);
    wait_start start{*this};
    // News and cancellation both end the wait as aborted; the caller looks which it was.
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await asio::async_initiate<decltype(token), void(error_code)>(std::move(start), token);
}

} // namespace rollcast::detail
