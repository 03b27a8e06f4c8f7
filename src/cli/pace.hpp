// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace rollcast::cli {

namespace asio = boost::asio;

/// When the next datagrams may go, so that there are so many a second on average. Timers are
/// coarser than a fast pace: what has become due meanwhile goes at once, but nothing older than a
/// tenth of a second, which would be a flood after a pause.
class pace {
public:
    explicit pace(std::chrono::nanoseconds between) : between_(between) {}

    /// Waits until the next one may go, and lets `count` of them pass.
    asio::awaitable<void> turn(std::uint64_t count)
    {
        auto const now = clock::now();
        next_ = std::max(next_, now - longest_debt);
        auto const due = next_;
        next_ += between_ * static_cast<std::int64_t>(count);
        if (due <= now)
            co_return;
        auto const executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor, due);
        co_await timer.async_wait(asio::use_awaitable);
    }

private:
    using clock = std::chrono::steady_clock;
    static constexpr auto longest_debt = std::chrono::milliseconds(100);

    std::chrono::nanoseconds between_;
    clock::time_point next_ = clock::now();
};

} // namespace rollcast::cli
