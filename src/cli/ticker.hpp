// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace rollcast::cli {

namespace asio = boost::asio;

/// Calls something every so often, until it is destroyed. An interval of 0 never comes.
class ticker {
public:
    ticker(asio::any_io_executor const& executor, std::chrono::nanoseconds interval,
           std::function<void()> action)
        : shared_(std::make_shared<state>(
              state{asio::steady_timer(executor), interval, std::move(action)}))
    {
        if (interval.count() != 0) {
            shared_->timer.expires_after(interval);
            wait(shared_);
        }
    }
    ~ticker()
    {
        shared_->action = nullptr;
        shared_->timer.cancel();
    }
    ticker(ticker const&) = delete;
    ticker& operator=(ticker const&) = delete;

private:
    struct state {
        asio::steady_timer timer;
        std::chrono::nanoseconds interval;
        std::function<void()> action;
    };

    static void wait(std::shared_ptr<state> self)
    {
        auto& timer = self->timer;
        timer.async_wait([self = std::move(self)](boost::system::error_code const& ec) {
            if (ec || !self->action)
                return;
            self->action();
            self->timer.expires_at(self->timer.expiry() + self->interval);
            wait(self);
        });
    }

    std::shared_ptr<state> shared_;
};

} // namespace rollcast::cli
