// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_telling.hpp"
#include "cli/chart_text.hpp"
#include "cli/commands.hpp"
#include "cli/input_lines.hpp"
#include "cli/new_addresses.hpp"
#include "cli/open_chart.hpp"
#include "cli/ticker.hpp"

#include <rollcast/chart/chart.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <string_view>

namespace rollcast::cli {

namespace {

/// The library names members of its configuration where the user has typed options.
std::string in_words_of_options(std::string text)
{
    constexpr std::string_view member = "`excluded_interfaces`";
    for (auto at = text.find(member); at != std::string::npos; at = text.find(member, at))
        text.replace(at, member.size(), "--exclude");
    return text;
}

} // namespace

asio::awaitable<void> open_chart(rollcast::chart& chart, chart_config const& config)
{
    error_code ec;
    chart.open(ec);
    for (new_addresses awaited; ec && co_await awaited.have_come(ec);)
        chart.open(ec);
    if (ec)
        new_addresses::complain_of_duplicates();
    if (ec == asio::error::address_in_use)
        throw problem(failed, rollcast::explain(config, ec));
    if (ec)
        throw problem(failed, "chart",
                      in_words_of_options(rollcast::explain(config, ec, chart.obstacles())));
}

namespace {

/// Others who wait for the same number have not all heard of us when we have heard of all.
constexpr auto until_grace = std::chrono::milliseconds(200);

/// Whoever is there has been found by then, and what cannot be sent has failed more than once.
constexpr auto first_check = std::chrono::milliseconds(500);

/// Events that wait while a terminal or a pipe takes nothing: what a script counts by them must be
/// complete, and a reader that never comes back must not take all memory.
constexpr std::size_t most_untold = 1 << 18;

asio::awaitable<void> take_input(rollcast::chart& chart, chart_telling& telling)
{
    auto const executor = co_await asio::this_coro::executor;
    auto const limit = chart.max_data_size();
    input_lines input(executor);
    for (;;) {
        auto const line = co_await input.next();
        if (!line)
            co_return;
        error_code ec;
        chart.update(std::as_bytes(std::span(*line)), ec);
        if (ec)
            telling.complain(fmt::format("data of {} bytes: {} (room for {}); kept the old",
                                         line->size(), ec.message(), limit));
    }
}

/// Each line of standard input becomes the data, until there are no more.
asio::awaitable<void> update_from_input(rollcast::chart& chart, chart_telling& telling)
{
    try {
        co_await take_input(chart, telling);
    } catch (problem const& what) {
        telling.complain(what.what());
    }
}

/// People who look at the same time should not wonder for long why they find nobody; told once, and
/// not where somebody was there before.
std::function<void()> tell_if_only_observers(rollcast::chart const& chart,
                                             chart_config const& config, chart_telling& telling)
{
    return [&chart, &telling, pending = config.observer]() mutable {
        pending = pending && chart.size() == 0;
        if (!pending || chart.observers() == 0)
            return;
        pending = false;
        telling.complain("chart: only observers here; give --port or --announce to take part");
    };
}

/// Whoever cannot speak is not found, and would wonder why; told once, where most of it fails.
std::function<void()> tell_if_mute(rollcast::chart const& chart, chart_telling& telling)
{
    return [&chart, &telling, pending = true]() mutable {
        auto const counters = chart.counters();
        if (!pending || counters.send_errors <= counters.sent)
            return;
        pending = false;
        telling.complain("chart: " + not_sent(counters));
    };
}

asio::awaitable<void> run(rollcast::chart& chart, bool sniff)
{
    if (sniff)
        co_await chart.sniff();
    else
        co_await chart.maintain();
}

/// Waits until the chart ends, the command is cancelled, or enough are found.
asio::awaitable<void> found_enough(rollcast::chart& chart, notifications& events,
                                   chart_options const& options)
{
    auto size = chart.size();
    while (!options.until || size < *options.until) {
        auto const event = co_await events.recv();
        size = event.size;
    }
}

} // namespace

asio::awaitable<status> run_chart(chart_options options, stop& end)
{
    auto const executor = co_await asio::this_coro::executor;
    options.config.event_capacity = most_untold;
    rollcast::chart chart(executor, options.config);
    co_await open_chart(chart, options.config);
    chart_telling telling(executor, options, chart, [&end] { end.now(stop::reason::key); });
    telling.begin(chart.notify());
    auto events = chart.notify();
    asio::co_spawn(executor, run(chart, options.sniff), asio::detached);
    if (options.data_from_input)
        asio::co_spawn(executor, update_from_input(chart, telling), asio::detached);

    ticker const lonely(executor, first_check,
                        tell_if_only_observers(chart, options.config, telling));
    ticker const mute(executor, first_check, tell_if_mute(chart, telling));

    error_code ec;
    try {
        co_await found_enough(chart, events, options);
    } catch (boost::system::system_error const& failure) {
        ec = failure.code();
    }
    bool const found = !ec;
    bool const ended = found || ec == asio::error::operation_aborted;
    bool const too_late = end.is_by_timeout() && options.until && !found;
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    auto const size = chart.size();
    telling.finish(ended ? std::optional(chart_state{chart.snapshot(), chart.counters()})
                         : std::nullopt);
    if (ended) {
        // The others are told before we wait for whoever reads us, who may take their time.
        asio::steady_timer grace(executor, found ? until_grace : until_grace.zero());
        co_await grace.async_wait(asio::use_awaitable);
        co_await chart.leave();
        co_await telling.end();
        if (too_late)
            complain(
                fmt::format("--timeout: {} of {} instances found in time", size, *options.until));
        co_return too_late ? failed : done;
    }
    co_await telling.end();
    throw problem(failed, "chart", explain(ec));
}

} // namespace rollcast::cli
