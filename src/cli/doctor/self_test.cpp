// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/self_test.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <span>

namespace rollcast::cli {
namespace {

constexpr int rounds = 10;
constexpr auto round = std::chrono::milliseconds(50);

subscription_config ear_config(net::group const& group, net::interface_info const& on)
{
    auto config = subscription_config::any_source(group);
    config.interfaces.emplace_back(on.index);
    return config;
}

publication_config mouth_config(net::group const& group, net::interface_info const& on)
{
    publication_config config;
    config.group = group;
    config.interface = net::network_interface(on.index);
    return config;
}

} // namespace

self_test::self_test(asio::any_io_executor const& executor, net::interface_info on,
                     net::group group)
    : on_(std::move(on)),
      group_(std::move(group)),
      ear_(executor, ear_config(group_, on_)),
      mouth_(executor, mouth_config(group_, on_)),
      message_(fmt::format("rollcast doctor {:08x}", std::random_device{}()))
{
}

void self_test::begin()
{
    ear_.join(join_error_);
    if (!join_error_)
        mouth_.open(send_error_);
}

/// Now and then again: the first datagrams of an interface that is new may get lost.
void self_test::send()
{
    error_code ec;
    mouth_.try_send(asio::buffer(message_), ec);
    if (ec != asio::error::would_block)
        send_error_ = ec;
}

void self_test::listen()
{
    error_code ec;
    while (auto const packet = ear_.try_recv(ec)) {
        auto const expected = std::as_bytes(std::span(message_));
        heard_ = heard_ || std::ranges::equal(packet->payload, expected);
    }
}

asio::awaitable<void> self_test::run(std::vector<std::unique_ptr<self_test>> const& all)
{
    auto const executor = co_await asio::this_coro::executor;
    for (auto const& each : all)
        each->begin();
    asio::steady_timer timer(executor);
    for (int i = 0; i < rounds; ++i) {
        bool over = true;
        for (auto const& each : all) {
            if (!each->is_over())
                each->send();
            over = over && each->is_over();
        }
        if (over)
            co_return;
        timer.expires_after(round);
        co_await timer.async_wait(asio::use_awaitable);
        for (auto const& each : all)
            if (!each->is_over())
                each->listen();
    }
}

} // namespace rollcast::cli
