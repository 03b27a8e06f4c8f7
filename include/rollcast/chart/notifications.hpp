// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/chart/event.hpp>
#include <rollcast/detail/initiate.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>

namespace rollcast {

namespace detail {
class event_queue;
}

/// One reader of a chart's events, from the moment `chart::notify` made it.
///
/// Holds up to 256 unread events; past that the newest are dropped, and the reader is told how
/// many by an `overflow` event when it has read the others. Threads: one at a time, any thread.
class notifications {
public:
    using executor_type = asio::any_io_executor;
    using event_signature = void(error_code, event);

    notifications(executor_type executor, std::shared_ptr<detail::event_queue> queue);
    notifications(notifications&&) noexcept;
    notifications& operator=(notifications&&) noexcept;
    ~notifications();

    executor_type get_executor() const { return executor_; }

    /// Waits for the next event. After the chart has ended, the remaining events come first.
    ///
    /// Errors: `receive_in_progress` while another one waits, `error::stopped` after the chart was
    /// left or destroyed, `operation_aborted`, or what made `chart::maintain` fail. Cancellation:
    /// terminal, partial, total; no event is lost.
    asio::awaitable<event> recv();

    template <asio::completion_token_for<event_signature> Token>
    auto recv(Token&& token)
    {
        return detail::initiate(*this, &notifications::start_recv, token);
    }

    /// An event that is already here, for programs that poll.
    std::optional<event> try_recv();

private:
    void start_recv(asio::any_completion_handler<event_signature> handler);

    executor_type executor_;
    std::shared_ptr<detail::event_queue> queue_;
};

} // namespace rollcast
