// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/printing.hpp"

#include <rollcast/chart.hpp>
#include <rollcast/testing.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <optional>
#include <utility>
#include <vector>

namespace rollcast::test {

using namespace std::chrono_literals;

/// What became of something that was spawned, without waiting; none: it goes on.
template <class Value>
std::optional<error_code> ended(std::future<Value>& done)
{
    if (done.wait_for(0s) != std::future_status::ready)
        return std::nullopt;
    try {
        done.get();
    } catch (boost::system::system_error const& failure) {
        return failure.code();
    }
    return error_code();
}

/// Charts in memory.
struct scene {
    asio::io_context context{};
    testing::network network{context};

    chart make(testing::host const& where, std::uint64_t id, chart_config config = {})
    {
        config.id = id;
        return chart(context.get_executor(), where.place(std::move(config)));
    }

    std::future<void> maintain(chart& which)
    {
        return asio::co_spawn(context, which.maintain(), asio::use_future);
    }

    std::future<void> maintain(chart& which, asio::cancellation_signal& stop)
    {
        return asio::co_spawn(context, which.maintain(),
                              asio::bind_cancellation_slot(stop.slot(), asio::use_future));
    }

    bool comes_to(chart const& which, std::size_t size, std::chrono::nanoseconds limit)
    {
        return network.run_until([&] { return which.size() == size; }, limit);
    }
};

inline std::vector<event> unread(notifications& reader)
{
    std::vector<event> all;
    while (auto next = reader.try_recv())
        all.push_back(std::move(*next));
    return all;
}

inline std::vector<event_kind> unread_kinds(notifications& reader)
{
    std::vector<event_kind> kinds;
    for (auto const& each : unread(reader))
        kinds.push_back(each.kind);
    return kinds;
}

} // namespace rollcast::test
