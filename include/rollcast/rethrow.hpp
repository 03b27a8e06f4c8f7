// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/error.hpp>

#include <exception>

namespace rollcast {

/// The type of `rethrow`.
struct rethrow_t {
    template <class... Results>
    void operator()(std::exception_ptr const& failure, Results const&...) const
    {
        pass_on(failure);
    }

private:
    /// Throws it on, unless it is how operations end in order.
    ROLLCAST_EXPORT static void pass_on(std::exception_ptr const& failure);
};

/// A completion handler for `co_spawn`, of coroutines with any result: what they throw leaves
/// `io_context::run()`, where `detached` would swallow it.
///
///     asio::co_spawn(context, chart.maintain(), rollcast::rethrow);
///
/// What somebody wished for is no failure: `operation_aborted`, the end of what was cancelled, and
/// `error::stopped`, that of waiting for a chart which was left. Of several failures at once, as
/// `||` and `&&` have them, the first counts. On a `thread_pool` nobody can catch what leaves a
/// thread, and the program is terminated.
inline constexpr rethrow_t rethrow{};

} // namespace rollcast
