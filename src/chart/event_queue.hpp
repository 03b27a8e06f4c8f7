// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/event.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace rollcast::detail {

/// What one reader has not read yet. Any thread may push, close and read; one may wait.
class event_queue : public std::enable_shared_from_this<event_queue> {
public:
    static constexpr std::size_t capacity = 256;

    void push(event const& value);

    /// No more events will come; whoever reads past the last one gets this error.
    void close(error_code const& why);

    /// The next event, or why there is none: `would_block`, or what `close` said.
    std::optional<event> try_pop(error_code& ec);

    /// Completes when `try_pop` has something to say. Carries no event, so that none can be lost
    /// with it.
    void wait(asio::any_io_executor executor, asio::any_completion_handler<void(error_code)> handler);

private:
    using handler_type = asio::any_completion_handler<void(error_code)>;
    struct waiter {
        handler_type handler;
        asio::any_io_executor executor; ///< Of the reader; the handler may name another.
        asio::executor_work_guard<asio::any_completion_executor> work;
    };

    bool has_news() const noexcept { return !unread_.empty() || missed_ != 0 || closed_; }
    std::optional<waiter> take_waiter();
    void cancel_wait(std::uint64_t which);
    static void complete(std::optional<waiter> waiting, error_code const& ec);

    std::mutex mutex_;
    std::deque<event> unread_;
    std::size_t missed_ = 0;
    std::optional<error_code> closed_;
    std::optional<waiter> waiter_;
    std::uint64_t waits_ = 0; ///< Numbers the waits, so that an old slot cannot end a new one.
};

} // namespace rollcast::detail
