// SPDX-License-Identifier: BSL-1.0

// Prints the datagrams of a multicast group: 01_receive 239.1.1.1:5000 [interface]
#include <rollcast/receive.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> print_three(rollcast::subscription& sub)
{
    for (int n = 0; n < 3; ++n) {
        auto const packet = co_await sub.recv();
        std::cout << packet.source << " sent " << packet.text() << " by interface "
                  << packet.metadata.interface_index << std::endl;
    }
}

int main(int argc, char** argv)
try {
    if (argc < 2)
        throw std::invalid_argument("usage: 01_receive GROUP:PORT [INTERFACE]");
    auto const group = rollcast::net::group::parse(argv[1]).value();
    auto config = rollcast::subscription_config::any_source(group);
    if (argc > 2)
        config.interfaces = {argv[2]};

    asio::io_context context;
    rollcast::subscription sub(context.get_executor(), config);
    sub.join();
    std::cout << "joined" << std::endl;
    asio::co_spawn(context, print_three(sub), rollcast::rethrow);
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
