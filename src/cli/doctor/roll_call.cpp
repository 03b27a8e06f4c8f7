// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/roll_call.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace rollcast::cli {
namespace {

chart_config observing(chart_config config, net::interface_info const& on)
{
    config.interfaces = {net::network_interface(on.index)};
    config.observer = true;
    return config;
}

} // namespace

roll_call::roll_call(asio::any_io_executor const& executor, net::interface_info on,
                     chart_config config)
    : on_(std::move(on)), chart_(executor, observing(std::move(config), on_))
{
}

void roll_call::begin()
{
    error_code ec;
    chart_.open(ec);
    began_ = std::chrono::steady_clock::now();
    if (!ec)
        chart_.maintain(asio::detached);
}

void roll_call::note()
{
    for (auto const& who : chart_.snapshot())
        heard_.emplace(who.id, who.first_heard - began_);
    auto const counters = chart_.counters();
    foreign_ = counters.foreign;
    sent_ = counters.sent;
}

asio::awaitable<void> roll_call::run(std::vector<std::unique_ptr<roll_call>> const& all)
{
    auto const executor = co_await asio::this_coro::executor;
    for (auto const& each : all)
        each->begin();
    asio::steady_timer timer(executor, patience);
    co_await timer.async_wait(asio::use_awaitable);
    for (auto const& each : all)
        each->note();
}

} // namespace rollcast::cli
