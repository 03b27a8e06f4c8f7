// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace rollcast::detail {

/// Ends waits when there is news; what came before a wait began ends none. On the executor alone.
class wakeup {
public:
    explicit wakeup(boost::asio::any_io_executor executor)
        : timer_(std::move(executor), boost::asio::steady_timer::time_point::max())
    {
    }

    /// A wait that is cancelled ends likewise: whoever waits looks at that first.
    boost::asio::awaitable<void> wait()
    {
        try {
            co_await timer_.async_wait(boost::asio::use_awaitable);
        } catch (boost::system::system_error const& end) {
            if (end.code() != boost::asio::error::operation_aborted)
                throw;
        }
    }

    void notify() { timer_.cancel(); }

private:
    boost::asio::steady_timer timer_;
};

} // namespace rollcast::detail
