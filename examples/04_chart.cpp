// SPDX-License-Identifier: BSL-1.0

// Waits for the majority of five instances on this machine, then greets them: 04_chart [port]
#include <rollcast/chart.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;

asio::awaitable<void> serve(asio::ip::port_type port)
{
    auto const executor = co_await asio::this_coro::executor;
    rollcast::chart_config config{.service_ports = {port}}; // a random id unless one is given
    config.local_discovery = true;
    rollcast::chart chart(executor, config);
    chart.open(); // optional: tells at once what would make maintain() fail

    asio::co_spawn(executor, chart.maintain(), rollcast::rethrow);
    co_await chart.found_majority(5);

    for (auto const& [id, endpoint] : chart.addr_vec())
        std::cout << "greetings to " << id << " at " << endpoint << std::endl;

    asio::steady_timer work(executor, std::chrono::seconds(1));
    co_await work.async_wait(asio::use_awaitable);
    co_await chart.leave();
}

int main(int argc, char** argv)
try {
    auto const port = static_cast<asio::ip::port_type>(argc > 1 ? std::stoi(argv[1]) : 8042);
    asio::io_context context;
    asio::signal_set interrupt(context, SIGINT, SIGTERM);
    interrupt.async_wait([&](auto, auto) { context.stop(); });
    asio::co_spawn(context, serve(port), [&](std::exception_ptr failure) {
        context.stop();
        rollcast::rethrow(failure); // out of run(), if there was one
    });
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
