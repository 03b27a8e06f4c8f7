// SPDX-License-Identifier: BSL-1.0

// Waits half a second for a datagram: 05_receive_with_time_limit 239.1.1.1:5000 [interface]
#include <rollcast/receive.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> wait_a_little(rollcast::subscription& sub)
{
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(sub.get_executor(), std::chrono::milliseconds(500));

    // Whoever comes first cancels the other; a cancelled receive loses no datagram.
    auto const first = co_await (sub.recv() || timer.async_wait(asio::use_awaitable));
    if (auto const* packet = std::get_if<rollcast::packet>(&first))
        std::cout << packet->source << " sent " << packet->text() << std::endl;
    else
        std::cout << "nothing came" << std::endl;
}

int main(int argc, char** argv)
try {
    if (argc < 2)
        throw std::invalid_argument("usage: 05_receive_with_time_limit GROUP:PORT [INTERFACE]");
    auto const group = rollcast::net::group::parse(argv[1]).value();
    auto config = rollcast::subscription_config::any_source(group);
    if (argc > 2)
        config.interfaces = {argv[2]};

    asio::io_context context;
    rollcast::subscription sub(context.get_executor(), config);
    sub.join();
    std::cout << "joined" << std::endl;
    asio::co_spawn(context, wait_a_little(sub), rollcast::rethrow);
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
