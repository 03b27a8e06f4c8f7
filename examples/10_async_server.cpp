// SPDX-License-Identifier: BSL-1.0

// A server on several threads: whoever connects is told what all its peers say. Start it a few
// times, then: nc 127.0.0.1 PORT. SIGTERM and Ctrl-C end it with a goodbye.
#include <rollcast/chart.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using asio::ip::tcp;

asio::awaitable<std::string> ask(tcp::endpoint peer, std::string question)
{
    tcp::socket socket(co_await asio::this_coro::executor);
    asio::steady_timer limit(socket.get_executor(), std::chrono::seconds(1));
    std::string answer;
    auto const talk = [&]() -> asio::awaitable<void> {
        co_await socket.async_connect(peer, asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer(question), asio::use_awaitable);
        co_await asio::async_read_until(socket, asio::dynamic_buffer(answer), '\n',
                                        asio::use_awaitable);
    };
    try {
        auto const first = co_await (talk() || limit.async_wait(asio::use_awaitable));
        co_return first.index() == 0 ? answer : "too slow\n";
    } catch (std::exception const& failure) {
        co_return failure.what() + std::string("\n"); // gone before the chart knows
    }
}

/// "me" from a peer is answered; anything else is asked of all peers.
asio::awaitable<void> serve(tcp::socket client, rollcast::chart const& chart)
{
    std::string line;
    co_await asio::async_read_until(client, asio::dynamic_buffer(line, 80), '\n',
                                    asio::use_awaitable);
    auto answer = "I am " + std::to_string(chart.our_id()) + "\n";
    if (line != "me\n")
        for (auto const& [id, endpoint] : chart.addr_vec())
            answer += std::to_string(id) + ": " + co_await ask(endpoint, "me\n");
    co_await asio::async_write(client, asio::buffer(answer), asio::use_awaitable);
}

asio::awaitable<void> accept(asio::thread_pool& threads, tcp::acceptor& acceptor,
                             rollcast::chart const& chart)
{
    for (;;) {
        auto const strand = asio::make_strand(threads);
        auto client = co_await acceptor.async_accept(strand, asio::use_awaitable);
        // Whoever hangs up early has what they wanted.
        asio::co_spawn(strand, serve(std::move(client), chart), asio::detached);
    }
}

int main()
try {
    asio::thread_pool threads(4);
    tcp::acceptor acceptor(asio::make_strand(threads), tcp::endpoint(tcp::v4(), 0));
    rollcast::chart_config config{.service_ports = {acceptor.local_endpoint().port()}};
    config.local_discovery = true;
    rollcast::chart chart(threads.get_executor(), config);
    chart.open(); // throws where that cannot be
    asio::signal_set signals(acceptor.get_executor(), SIGINT, SIGTERM);
    auto server = accept(threads, acceptor, chart) || chart.maintain() ||
                  signals.async_wait(asio::use_awaitable);
    std::exception_ptr failure;
    asio::co_spawn(acceptor.get_executor(), std::move(server), [&](std::exception_ptr why, auto) {
        failure = why;
        threads.stop(); // whoever is still being served has to come again
    });
    std::cout << "serving on port " << config.service_ports[0] << std::endl;
    threads.join();
    rollcast::rethrow(failure); // here, since nobody could catch it in a thread of the pool
    std::cout << "goodbye" << std::endl;
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
