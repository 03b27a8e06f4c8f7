// SPDX-License-Identifier: BSL-1.0

// A test of somebody else's service.
#include <rollcast/chart.hpp>
#include <rollcast/metrics_files.hpp>
#include <rollcast/testing.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

int main()
{
    boost::asio::io_context context;
    rollcast::testing::network network(context);
    rollcast::chart one(context, network.add_host().place({.id = 1}));
    rollcast::chart other(context, network.add_host().place({.id = 2}));
    for (auto* each : {&one, &other})
        boost::asio::co_spawn(context, each->maintain(), boost::asio::detached);
    bool const met = network.run_until([&] { return one.size() == 2; }, std::chrono::seconds(1));
    bool const measured = one.enable_metrics().snapshot().instances == 2;
    return met && measured && rollcast::metrics::capture_process() ? 0 : 1;
}
