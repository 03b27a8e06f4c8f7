// SPDX-License-Identifier: BSL-1.0

// Tests a service without sockets and without waiting: 12_test_a_service
#include <rollcast/chart.hpp>
#include <rollcast/testing.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// The service: of all instances the one with the lowest id leads.
class election {
public:
    election(asio::io_context& context, rollcast::chart_config config)
        : chart_(context, std::move(config))
    {
        asio::co_spawn(context, chart_.maintain(), rollcast::rethrow);
    }

    std::uint64_t leader() const
    {
        auto lowest = chart_.our_id();
        for (auto const& each : chart_.peers())
            lowest = std::min(lowest, each.id);
        return lowest;
    }

private:
    rollcast::chart chart_;
};

int main()
try {
    asio::io_context context;
    rollcast::testing::network network(context);
    std::vector<rollcast::testing::host> hosts;
    std::vector<election> instances;
    for (std::uint64_t id = 1; id <= 3; ++id) {
        hosts.push_back(network.add_host());
        instances.emplace_back(context, hosts.back().place({.id = id, .name = "election"}));
    }

    auto const expect = [&](std::uint64_t leader, std::chrono::seconds within) {
        auto const begin = network.elapsed();
        bool const so = network.run_until([&] { return instances[2].leader() == leader; }, within);
        if (!so)
            throw std::runtime_error("3 follows " + std::to_string(instances[2].leader()));
        auto const took = std::chrono::duration<double>(network.elapsed() - begin);
        std::cout << "after " << took.count() << " s 3 follows " << leader << std::endl;
    };
    expect(1, 1s);
    hosts[0].unplug(); // without a goodbye: it has to be missed
    expect(2, 10s);
    hosts[0].plug_in();
    expect(1, 10s);
} catch (std::exception const& problem) {
    std::cerr << problem.what() << '\n';
    return 1;
}
