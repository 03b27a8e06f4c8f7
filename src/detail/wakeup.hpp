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

/// Ends waits when there is news; news from before a wait began does not end it. For the executor
/// alone.
class wakeup {
public:
    explicit wakeup(boost::asio::any_io_executor executor)
        : timer_(std::move(executor), boost::asio::steady_timer::time_point::max())
    {
    }

    /// A wait that is cancelled ends likewise, without an error: the caller has to look for that.
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
