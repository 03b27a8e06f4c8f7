// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/chart/event.hpp>
#include <rollcast/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace rollcast::detail {

/// How many unread events a reader may have, by the configuration.
std::size_t event_capacity(chart_config const& config) noexcept;

/// What one reader has not read yet. Any thread may push, close and read; one reader may wait.
class event_queue {
public:
    using reader_complaint = std::function<void(instance const&, error_code const&)>;

    /// @param unreadable  Is told of an instance whose data was no value of the type that a reader
    /// asked for.
    event_queue(asio::any_io_executor executor, std::size_t capacity,
                reader_complaint unreadable = nullptr)
        : capacity_(capacity), unreadable_(std::move(unreadable)), news_(std::move(executor))
    {
    }

    void note_unreadable(instance const& who, error_code const& why) const
    {
        if (unreadable_)
            unreadable_(who, why);
    }

    /// Puts these events before all others. They take none of the room for others, however many.
    void begin_with(std::vector<event> const& values);

    void push(event const& value);

    /// No more events will come; a reader gets this error after the last one.
    void close(explained_error const& why);

    /// The next event, or why there is none: `would_block`, or what `close` said.
    std::optional<event> try_pop(error_code& ec);

    /// What `close` said in words.
    std::string reason() const;

    /// Completes when `try_pop` may have something to say. Carries no event, so that none can be
    /// lost with it. Fails with `receive_in_progress` while a reader waits already.
    asio::awaitable<void> wait();

private:
    struct wait_start;
    class only_reader;

    bool has_news() const noexcept { return !unread_.empty() || missed_ != 0 || closed_; }

    std::size_t const capacity_;
    reader_complaint const unreadable_;
    mutable std::mutex mutex_;
    std::deque<event> unread_;
    std::size_t begun_with_ = 0; ///< So many of the unread events take no room.
    std::size_t missed_ = 0;
    std::size_t missed_size_ = 0; ///< Of the chart, as of the last missed event.
    std::atomic<bool> waiting_ = false;
    std::optional<explained_error> closed_;
    asio::steady_timer news_; ///< Cancelled when there is news; used under the mutex only.
};

} // namespace rollcast::detail
