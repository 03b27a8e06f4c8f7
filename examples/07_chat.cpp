// SPDX-License-Identifier: BSL-1.0

// A chat without a server: start it several times and type. Lines go to every peer over TCP; who
// comes and goes is told: 07_chat [NAME]
#include <rollcast/chart.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <string>

#include <unistd.h>

namespace asio = boost::asio;
using asio::ip::tcp;

asio::awaitable<void> print_line(tcp::socket peer)
{
    std::string line;
    boost::system::error_code end;
    co_await asio::async_read(peer, asio::dynamic_buffer(line, 4096),
                              asio::redirect_error(asio::use_awaitable, end));
    std::cout << line << std::flush;
}

asio::awaitable<void> print_incoming(tcp::acceptor& acceptor)
{
    for (;;) {
        auto peer = co_await acceptor.async_accept(asio::use_awaitable);
        asio::co_spawn(acceptor.get_executor(), print_line(std::move(peer)), rollcast::rethrow);
    }
}

/// Those who are there already, and then whoever comes and goes.
asio::awaitable<void> print_who_is_there(rollcast::chart& chart)
{
    auto events = chart.events(rollcast::replay_present);
    for (;;) {
        auto const what = co_await events.recv();
        if (what.arrived())
            std::cout << "* " << what.who.text() << " is here" << std::endl;
        else if (what.departed())
            std::cout << "* " << what.who.text() << " has gone" << std::endl;
    }
}

asio::awaitable<void> tell(rollcast::chart const& chart, std::string line)
{
    auto const executor = co_await asio::this_coro::executor;
    for (auto const& [id, endpoint] : chart.addr_vec("chat")) {
        boost::system::error_code failure; // a peer may be gone before the chart knows
        tcp::socket peer(executor);
        co_await peer.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failure));
        if (!failure)
            co_await asio::async_write(peer, asio::buffer(line),
                                       asio::redirect_error(asio::use_awaitable, failure));
    }
}

/// Until the end of the input.
asio::awaitable<void> tell_what_is_typed(rollcast::chart& chart)
{
    auto const executor = co_await asio::this_coro::executor;
    asio::posix::stream_descriptor input(executor, ::dup(STDIN_FILENO));
    std::string typed;
    for (;;) {
        auto const [end, size] = co_await asio::async_read_until(
            input, asio::dynamic_buffer(typed), '\n', asio::as_tuple(asio::use_awaitable));
        if (end)
            break;
        asio::co_spawn(executor, tell(chart, typed.substr(0, size)), rollcast::rethrow);
        typed.erase(0, size);
    }
    co_await chart.leave();
}

int main(int argc, char** argv)
try {
    asio::io_context context;
    tcp::acceptor acceptor(context, tcp::endpoint(tcp::v4(), 0));
    rollcast::chart_config config{.services = {{"chat", acceptor.local_endpoint().port()}}};
    config.group_v6.reset(); // we accept over IPv4 only
    config.local_discovery = true;
    rollcast::chart chart(context.get_executor(), config);
    chart.update(argc > 1 ? argv[1] : "somebody");
    chart.open();
    asio::co_spawn(context, chart.maintain(), rollcast::rethrow);
    asio::co_spawn(context, print_incoming(acceptor), rollcast::rethrow);
    asio::co_spawn(context, print_who_is_there(chart), rollcast::rethrow);
    asio::co_spawn(context, tell_what_is_typed(chart), [&](std::exception_ptr failure) {
        context.stop();
        rollcast::rethrow(failure);
    });

    asio::signal_set interrupt(context, SIGINT, SIGTERM);
    interrupt.async_wait([&](auto, auto) { context.stop(); }); // the chart says goodbye as it goes
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
