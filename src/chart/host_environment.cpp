// SPDX-License-Identifier: BSL-1.0
#include "chart/host_environment.hpp"

#include "carrier/multicast/multicast_carrier.hpp"
#include "net/time_asleep.hpp"

#include <boost/asio/steady_timer.hpp>

#include <sodium.h>

#include <utility>

namespace rollcast::detail {
namespace {

class timer_alarm final : public chart_environment::alarm {
public:
    explicit timer_alarm(asio::any_io_executor executor) : timer_(std::move(executor)) {}

    void set(time_point when, std::function<void()> ring) override
    {
        timer_.expires_at(when);
        timer_.async_wait([ring = std::move(ring)](error_code const& ec) {
            if (!ec)
                ring();
        });
    }

    void cancel() override { timer_.cancel(); }

private:
    asio::steady_timer timer_;
};

class this_host final : public chart_environment {
public:
    std::shared_ptr<carrier> make_carrier(asio::any_io_executor executor,
                                          chart_config const& config) override
    {
        return std::make_shared<multicast_carrier>(std::move(executor), config);
    }

    std::unique_ptr<alarm> make_alarm(asio::any_io_executor executor) override
    {
        return std::make_unique<timer_alarm>(std::move(executor));
    }

    time_point now() const override { return time_point::clock::now(); }

    duration time_asleep() const override { return net::time_asleep(); }

    std::chrono::milliseconds since_1970() const override
    {
        auto const now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now);
    }

    std::uint64_t random_number() override
    {
        static int const ready = sodium_init();
        (void)ready;
        std::uint64_t number;
        randombytes_buf(&number, sizeof number);
        return number;
    }
};

} // namespace

std::shared_ptr<chart_environment> host_environment()
{
    static auto const host = std::make_shared<this_host>();
    return host;
}

} // namespace rollcast::detail
