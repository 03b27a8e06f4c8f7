// SPDX-License-Identifier: BSL-1.0
#include "chart/shell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

// What a shell does while it runs: it hears what its carrier tells, and says goodbye.

namespace rollcast::detail {

void chart_shell::hear(std::span<std::byte const> datagram, arrival const& from)
{
    drive([&](engine& engine, time_point now) { engine.receive(datagram, from, now); });
}

void chart_shell::links_changed()
{
    drive([this](engine& engine, time_point now) {
        if (ended_)
            return;
        tell_of_interfaces();
        take_links();
        engine.advance(now);
    });
}

void chart_shell::reported()
{
    drive([this](engine&, time_point) { tell_of_interfaces(); });
}

/// This instance introduces itself anew, to those that may have missed what it said.
void chart_shell::recovered()
{
    drive([](engine& engine, time_point now) { engine.discover(now); });
}

void chart_shell::tell_of_interfaces()
{
    auto reports = carrier_->take_reports();
    for (auto& each : reports) {
        each.size = engine_->size();
        each.local_health = engine_->local_health();
    }
    publish(reports);
}

asio::awaitable<void> chart_shell::farewell(std::shared_ptr<chart_shell> self)
{
    self->drive([](engine& engine, time_point now) { engine.leave(now); });
    while (self->is_leaving())
        co_await self->silent_.async_wait(asio::as_tuple(asio::use_awaitable));
}

} // namespace rollcast::detail
