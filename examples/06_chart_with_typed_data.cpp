// SPDX-License-Identifier: BSL-1.0

// Tells the others more than a port, and reads what they tell: 06_chart_with_typed_data NAME
#include <rollcast/chart.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <map>
#include <string>

namespace asio = boost::asio;

enum class role { worker, leader };
BOOST_DESCRIBE_ENUM(role, worker, leader)

struct node {
    std::string name;
    role duty = role::worker;
    std::map<std::string, double> load;
};
BOOST_DESCRIBE_STRUCT(node, (), (name, duty, load))

asio::awaitable<void> meet(node self)
{
    auto const executor = co_await asio::this_coro::executor;
    rollcast::chart_config config{.data = rollcast::announce::encode(self)};
    config.local_discovery = true;
    rollcast::chart chart(executor, config);
    chart.open();
    asio::co_spawn(executor, chart.maintain(), rollcast::rethrow);
    co_await chart.found_everyone(2);

    for (auto const& instance : chart.peers()) {
        auto const other = instance.data_as<node>();
        if (other)
            std::cout << other->name << " has a load of " << other->load.at("cpu") << std::endl;
        else
            std::cout << instance.id << " tells something else" << std::endl;
    }

    asio::steady_timer work(executor, std::chrono::seconds(1));
    co_await work.async_wait(asio::use_awaitable);
    co_await chart.leave();
}

int main(int argc, char** argv)
try {
    node self{argc > 1 ? argv[1] : "anonymous", role::worker, {{"cpu", 0.25}}};
    asio::io_context context;
    asio::signal_set interrupt(context, SIGINT, SIGTERM);
    interrupt.async_wait([&](auto, auto) { context.stop(); });
    asio::co_spawn(context, meet(self), [&](std::exception_ptr failure) {
        context.stop();
        rollcast::rethrow(failure); // out of run(), if there was one
    });
    context.run();
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
