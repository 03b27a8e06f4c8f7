// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/detail/initiate.hpp>
#include <rollcast/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace rollcast::net {

/// Tells when an interface or an address of this machine comes, goes or changes.
///
///     net::interface_watcher watcher(context);
///     for (;; co_await watcher.changed())
///         show(net::list_interfaces().value());
///
/// The kernel reports; nothing is polled. Changes that happened since construction are never
/// missed, and many of them may be told as one, so list the interfaces again after each. Where the
/// system denies this program its reports (netlink), one is made up every five seconds instead.
/// All watchers and subscriptions of an execution context share one socket for these reports in
/// each network namespace. A watcher that was moved from can be destroyed, closed and assigned to;
/// anything else throws `bad_descriptor`. Threads: call from the executor.
class ROLLCAST_EXPORT interface_watcher {
public:
    using executor_type = asio::any_io_executor;

    /// Throws `boost::system::system_error` where the system cannot report changes.
    explicit interface_watcher(executor_type executor);
    template <detail::execution_context Context>
    explicit interface_watcher(Context& context)
        : interface_watcher(executor_type(context.get_executor()))
    {
    }
    interface_watcher(interface_watcher&&) noexcept;
    interface_watcher& operator=(interface_watcher&&) noexcept;
    ~interface_watcher(); ///< A pending wait ends with `operation_aborted`.

    executor_type get_executor() const;

    void close(); ///< For good. A pending wait ends with `operation_aborted`.

    /// Completes after at least one change since the last wait; it does not tell which.
    /// Only a wait keeps the context running. Of two waits at a time only one may learn of a
    /// change. Errors: `operation_aborted`. Cancellation: terminal, partial, total; no change is
    /// lost by it.
    asio::awaitable<void> changed();

private:
    struct state;
    detail::shared_state<state> state_;
};

} // namespace rollcast::net
