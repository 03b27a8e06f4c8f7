// SPDX-License-Identifier: BSL-1.0

// A chat without a server: start it several times and type. Lines go to every peer over TCP.
#include <rollcast/chart.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <iostream>
#include <string>
#include <thread>

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<void> print_line(tcp::socket peer)
{
    std::string line;
    boost::system::error_code end;
    co_await asio::async_read(peer, asio::dynamic_buffer(line, 4096),
                              asio::redirect_error(asio::use_awaitable, end));
    std::cout << line << std::endl;
}

asio::awaitable<void> print_incoming(tcp::acceptor& acceptor)
{
    for (;;) {
        auto peer = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(acceptor.get_executor(), print_line(std::move(peer)), asio::detached);
    }
}

asio::awaitable<void> tell(rollcast::chart const& chart, std::string line)
{
    auto const executor = co_await asio::this_coro::executor;
    for (auto const& [id, endpoint] : chart.addr_vec()) {
        boost::system::error_code failure; // a peer may be gone before the chart knows
        tcp::socket peer(executor);
        co_await peer.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failure));
        if (!failure)
            co_await asio::async_write(peer, asio::buffer(line),
                                       asio::redirect_error(asio::use_awaitable, failure));
    }
}

int main()
try {
    asio::io_context context;
    tcp::acceptor acceptor(context, tcp::endpoint(tcp::v4(), 0));
    rollcast::chart_config config{.service_ports = {acceptor.local_endpoint().port()}};
    config.group_v6.reset(); // we accept over IPv4 only
    config.local_discovery = true;
    rollcast::chart chart(context.get_executor(), config);
    chart.open();
    asio::co_spawn(context, chart.maintain(), asio::detached);
    asio::co_spawn(context, print_incoming(acceptor), asio::detached);

    std::thread network([&] { context.run(); });
    for (std::string line; std::getline(std::cin, line);)
        asio::co_spawn(context, tell(chart, line), asio::detached);
    asio::post(context,
               [&] { asio::co_spawn(context, chart.leave(), [&](auto) { context.stop(); }); });
    network.join();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
