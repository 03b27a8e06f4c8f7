// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_lines.hpp"
#include "cli/chart_text.hpp"
#include "cli/commands.hpp"
#include "cli/live/cells.hpp"
#include "cli/open_chart.hpp"
#include "cli/output.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace rollcast::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto between_looks = milliseconds(20);

/// So long after the last news whoever is slow, or on another link where loss is heavy, has been
/// asked five times, and has answered.
constexpr auto quiet = milliseconds(450);

/// Where nobody answers, nobody is there; and charts that differ after so long will not agree soon.
constexpr auto without_answer = std::chrono::seconds(1);
constexpr auto without_agreement = std::chrono::seconds(3);

using row = std::array<std::string, 4>;

asio::awaitable<void> observe(rollcast::chart& chart)
{
    co_await chart.maintain();
}

/// Waits until no more is to be learned, or the command is cancelled.
asio::awaitable<void> see_everybody(rollcast::chart& chart, notifications& events)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    auto begun = steady_clock::now();
    auto last_news = begun;
    for (;;) {
        timer.expires_after(between_looks);
        co_await timer.async_wait(asio::use_awaitable);
        auto const now = steady_clock::now();
        if (chart.interfaces().empty())
            begun = last_news = now; // it waits for one
        while (events.try_recv())
            last_news = now;
        bool const settled = chart.settled() && now - last_news >= quiet;
        bool const answered = chart.counters().applied != 0;
        auto const limit = answered ? without_agreement : without_answer;
        if (settled || now - begun >= limit)
            co_return;
    }
}

row row_of(instance const& who)
{
    return {std::to_string(who.id), to_string(who.state),
            fmt::format("{}", fmt::join(named_endpoints(who), ", ")), printable_data(who.data)};
}

void print_table(std::vector<instance> const& all)
{
    std::vector<row> rows{{"ID", "STATE", "ENDPOINTS", "DATA"}};
    for (auto const& who : all)
        rows.push_back(row_of(who));
    std::array<std::size_t, 3> widths{};
    for (auto const& each : rows)
        for (std::size_t column = 0; column < widths.size(); ++column)
            widths[column] = std::max(widths[column], cells(each[column]));
    for (auto const& each : rows) {
        auto const fill = [&](std::size_t column) {
            return std::string(widths[column] - cells(each[column]), ' ');
        };
        auto line = fmt::format("{}{}  {}{}  {}{}  {}", fill(0), each[0], each[1], fill(1), each[2],
                                fill(2), each[3]);
        line.erase(line.find_last_not_of(' ') + 1);
        print_line(line);
    }
}

/// Why what is printed may not be all; nothing where it is.
std::string what_was_in_the_way(rollcast::chart const& chart, bool too_early)
{
    auto const counters = chart.counters();
    if (too_early && chart.interfaces().empty())
        return "there was no interface to meet on in time";
    if (counters.send_errors != 0)
        return not_sent(counters);
    return too_early ? "--timeout came before everybody was heard; there may be more" : "";
}

void print(chart_state const& last, list_options const& options, rollcast::chart const& chart,
           bool whole)
{
    if (!options.common.json && last.instances.empty())
        return print_line(whole ? "nobody is here" : "nobody was heard");
    if (!options.common.json)
        return print_table(last.instances);
    chart_options const as_of_chart{.common = options.common, .config = options.config};
    chart_lines(as_of_chart, chart).ended(last);
}

} // namespace

asio::awaitable<status> run_list(list_options options, stop& end)
{
    auto const executor = co_await asio::this_coro::executor;
    rollcast::chart chart(executor, options.config);
    co_await open_chart(chart, options.config);
    auto events = chart.notify();
    asio::co_spawn(executor, observe(chart), asio::detached);
    error_code ec;
    try {
        co_await see_everybody(chart, events);
    } catch (boost::system::system_error const& failure) {
        ec = failure.code();
    }
    if (ec && ec != asio::error::operation_aborted)
        throw problem(failed, "list", explain(ec));
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    auto const trouble = what_was_in_the_way(chart, end.is_by_timeout());
    chart_state const last{chart.snapshot(), chart.counters()};
    bool const in_vain =
        last.instances.empty() && (last.counters.send_errors != 0 || chart.interfaces().empty());
    print(last, options, chart, !ec && trouble.empty());
    if (!trouble.empty())
        complain("list: " + trouble);
    co_await chart.leave();
    co_return trouble.empty() || !in_vain ? done : failed;
}

} // namespace rollcast::cli
