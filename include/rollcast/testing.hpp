// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Charts without sockets, for tests of services: a network in memory, on a time of its own.
///
/// What comes in: how datagrams fare, and what happens to hosts. What goes out: configurations that
/// make a chart live there. A component of its own: `find_package(rollcast COMPONENTS testing)`,
/// and `target_link_libraries(my_test PRIVATE rollcast::testing)`.
/// Threads: one, the one that runs the `io_context`.
///
///     asio::io_context context;
///     rollcast::testing::network network(context);
///     rollcast::chart chart(context, network.add_host().place({.name = "my application"}));
///     asio::co_spawn(context, chart.maintain(), rollcast::rethrow);
///     network.run_for(std::chrono::seconds(10)); // in a moment

#include <rollcast/testing/network.hpp>
