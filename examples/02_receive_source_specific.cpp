// SPDX-License-Identifier: BSL-1.0

// Accepts one sender only (RFC 4607): 02_receive_source_specific 232.1.1.1:5000 10.0.0.7
// [interface]
#include <rollcast/receive.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> print_one(rollcast::subscription& sub)
{
    auto const packet = co_await sub.recv();
    std::cout << packet.source << " sent " << packet.text() << std::endl;
}

int main(int argc, char** argv)
try {
    if (argc < 3)
        throw std::invalid_argument(
            "usage: 02_receive_source_specific GROUP:PORT SOURCE [INTERFACE]");
    auto const group = rollcast::net::group::parse(argv[1]).value();
    auto const source = asio::ip::make_address(argv[2]);
    auto config = rollcast::subscription_config::source_specific(group, source);
    if (argc > 3)
        config.interfaces = {argv[3]};

    asio::io_context context;
    rollcast::subscription sub(context.get_executor(), config);
    sub.join();
    std::cout << "joined" << std::endl;
    asio::co_spawn(context, print_one(sub), rollcast::rethrow);
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
