// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/loopback.hpp"
#include "support/run.hpp"
#include "support/sim_lone_engine.hpp"
#include "support/sim_printing.hpp"

#include <rollcast/chart.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <vector>

namespace rollcast::test {

/// An instance on `lo` that serves on port 8000 + id.
inline chart_config on_loopback(std::uint64_t id)
{
    chart_config config;
    config.id = id;
    config.service_ports = {static_cast<net::port_type>(8000 + id)};
    config.local_discovery = true;
    config.detection_time = std::chrono::seconds(1);
    return config;
}

/// The hello of an instance that only a test speaks for.
inline std::vector<std::byte> hello_of(std::uint64_t id)
{
    return stranger(id).datagram(message_type::hello);
}

/// A context for real charts, and what tests do to them.
struct charts {
    asio::io_context context;

    chart make(std::uint64_t id) { return chart(context.get_executor(), on_loopback(id)); }

    static std::future<void> maintain(chart& which) { return which.maintain(asio::use_future); }

    static std::future<void> maintain(chart& which, asio::cancellation_signal& stop)
    {
        return which.maintain(asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    }

    void wait_until_found(chart& which, std::size_t n) { run(context, which.found_everyone(n)); }

    error_code outcome(std::future<void> pending)
    {
        return failure_of([&] { result_of(context, std::move(pending)); });
    }

    /// The next event about the instance; others are skipped.
    event next_about(notifications& events, std::uint64_t id)
    {
        for (;;) {
            auto told = run(context, events.recv());
            if (told.who.id == id)
                return told;
        }
    }

    /// Whether the context runs out of work, as it does when nothing is left behind.
    bool comes_to_rest()
    {
        context.restart();
        auto const limit = std::chrono::steady_clock::now() + patience;
        while (context.run_one_until(limit) != 0) {
        }
        return context.stopped();
    }
};

} // namespace rollcast::test
