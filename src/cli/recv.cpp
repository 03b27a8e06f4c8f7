// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/metrics_log.hpp"
#include "cli/numbered_arrivals.hpp"
#include "cli/output.hpp"
#include "cli/ticker.hpp"
#include "cli/traffic_stats.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/receive/subscription.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>

namespace rollcast::cli {
namespace {

std::vector<std::string> names(std::vector<net::interface_info> const& interfaces)
{
    std::vector<std::string> all;
    for (auto const& each : interfaces)
        all.push_back(each.name);
    return all;
}

std::string name_of(unsigned index, std::vector<net::interface_info> const& interfaces)
{
    auto const found = std::ranges::find(interfaces, index, &net::interface_info::index);
    return found == interfaces.end() ? std::to_string(index) : found->name;
}

char const* words_for(membership_change change)
{
    switch (change) {
    case membership_change::lost:
        return " is gone or has dropped the group, which is no longer joined there";
    case membership_change::rejoined:
        return " is back, and the group joined there again";
    case membership_change::moved:
        return " is where routes lead now, and the group joined there instead";
    case membership_change::unreported:
        return ": another program holds the group, so switches are not told of it anew; that takes "
               "CAP_NET_RAW";
    }
    return "";
}

json_line line_for(membership_change change)
{
    switch (change) {
    case membership_change::lost:
        return json_line("lost");
    case membership_change::rejoined:
        return json_line("rejoined");
    case membership_change::moved:
        return json_line("moved");
    case membership_change::unreported:
        break;
    }
    return json_line("unreported");
}

kernel_time time_of(packet const& packet)
{
    if (packet.metadata.received_at)
        return *packet.metadata.received_at;
    return std::chrono::system_clock::now();
}

class reporter {
public:
    reporter(recv_options const& options, subscription const& from)
        : options_(options), from_(from), interfaces_(from.interfaces())
    {
    }

    void joined() const
    {
        std::vector<std::string> sources;
        for (auto const& each : options_.config.sources)
            sources.push_back(each.to_string());
        auto const& group = options_.config.group;
        if (options_.common.json)
            return print_line(json_line("joined")
                                  .add("group", boost::json::value(group.address.to_string()))
                                  .add("port", group.port)
                                  .add("interfaces", to_array(names(interfaces_)))
                                  .add("sources", to_array(sources))
                                  .str());
        print_line(fmt::format("joined {} on {}{}{}", to_string(group),
                               fmt::join(names(interfaces_), ", "), sources.empty() ? "" : " from ",
                               fmt::join(sources, ", ")));
    }

    void received(packet const& packet)
    {
        auto const at = time_of(packet);
        stats_.pass(at, packet.payload.size());
        bool const is_of_another = packet.metadata.in_run; // of the first of the run
        if (auto const mark = read_mark(packet.payload))
            numbered_.hear(packet.source, *mark, is_of_another ? std::nullopt : std::optional(at));
        if (options_.quiet)
            return;
        print_line(options_.common.json ? to_json(packet) : to_text(packet));
    }

    void changed(membership_event const& event)
    {
        interfaces_ = from_.interfaces();
        if (options_.common.json)
            return print_line(line_for(event.change)
                                  .add("interface", boost::json::value(event.interface))
                                  .add("interface_index", event.interface_index)
                                  .str());
        print_line(event.interface + words_for(event.change));
    }

    void summary() const
    {
        auto const& counters = from_.counters();
        if (options_.common.json) {
            json_line line("summary");
            line.add("packets", counters.packets)
                .add("bytes", counters.bytes)
                .add("dropped", counters.dropped)
                .add("filtered", counters.filtered);
            if (numbered_.any())
                line.add("missing", numbered_.missing())
                    .add("reordered", numbered_.reordered())
                    .add("repeated", numbered_.repeated())
                    .add("duplicates", numbered_.repeated()); // as scripts know it
            if (auto const jitter = numbered_.jitter_of_all())
                line.add("jitter", jitter->count());
            return print_line(line.str());
        }
        auto const if_any = [](std::uint64_t number, std::string_view what) {
            return number != 0 ? fmt::format(", {} {}", number, what) : "";
        };
        print_line(fmt::format(
            "{} packets, {} bytes, {} dropped, {} filtered{}{}{}", counters.packets, counters.bytes,
            counters.dropped, counters.filtered,
            numbered_.any() ? fmt::format(", {} missing", numbered_.missing()) : "",
            if_any(numbered_.reordered(), "reordered"), if_any(numbered_.repeated(), "repeated")));
    }

    void print_stats()
    {
        auto passed = so_far();
        passed.jitter = numbered_.take_recent_jitter();
        stats_.print(passed);
    }

    void print_total() const
    {
        auto passed = so_far();
        passed.jitter = numbered_.jitter_of_all();
        stats_.print_total(passed);
    }

private:
    traffic so_far() const
    {
        auto const& counters = from_.counters();
        traffic passed{counters.packets, counters.bytes, counters.dropped, counters.filtered,
                       counters.truncated};
        if (numbered_.any()) {
            passed.missing = numbered_.missing();
            passed.reordered = numbered_.reordered();
            passed.repeated = numbered_.repeated();
        }
        return passed;
    }

    std::string to_json(packet const& packet) const
    {
        auto const& metadata = packet.metadata;
        json_line line("packet");
        line.add("source", boost::json::value(packet.source.address().to_string()))
            .add("source_port", packet.source.port())
            .add("group", boost::json::value(packet.group.address.to_string()))
            .add("port", packet.group.port)
            .add("size", packet.payload.size())
            .add_bytes("payload", packet.payload)
            .add("interface", boost::json::value(name_of(metadata.interface_index, interfaces_)))
            .add("interface_index", metadata.interface_index);
        if (metadata.hop_limit)
            line.add("hop_limit", *metadata.hop_limit);
        if (metadata.received_at)
            line.add_time("received_at", *metadata.received_at);
        return line.add("truncated", packet.truncated).str();
    }

    std::string to_text(packet const& packet) const
    {
        return fmt::format("{} > {} on {}, {} bytes: {}", net::to_string(packet.source),
                           to_string(packet.group),
                           name_of(packet.metadata.interface_index, interfaces_),
                           packet.payload.size(), printable(packet.payload));
    }

    recv_options const& options_;
    subscription const& from_;
    std::vector<net::interface_info> interfaces_;
    numbered_arrivals numbered_;
    traffic_stats stats_{options_.common.json};
};

/// Ends when the subscription does, and touches nothing then.
asio::awaitable<void> report_changes(subscription& from, reporter& report)
{
    for (;;) {
        auto const event = co_await from.membership_changed();
        report.changed(event);
    }
}

/// Takes them one by one, or as many as have queued up.
class taker {
public:
    taker(subscription& from, recv_options const& options) : from_(from), options_(options)
    {
        if (options.batch)
            batch_.emplace(*options.batch);
    }

    asio::awaitable<void> take(std::uint64_t& received, reporter& report)
    {
        auto const wanted = options_.count.value_or(UINT64_MAX) - received;
        if (!batch_ || wanted < *options_.batch) {
            auto const packet = co_await from_.recv();
            ++received;
            report.received(packet);
            co_return;
        }
        co_await from_.recv_batch(*batch_);
        for (auto const& packet : *batch_) {
            ++received;
            report.received(packet);
        }
    }

private:
    subscription& from_;
    recv_options const& options_;
    std::optional<batch> batch_;
};

void join(subscription& from)
{
    error_code ec;
    from.join(ec);
    if (ec == asio::error::address_in_use) // which names who has the port
        throw problem(failed, rollcast::explain(from.config(), ec));
    if (ec)
        throw problem(failed, to_string(from.config().group), explain(ec));
}

/// The system grants less than was asked for without a word.
void complain_of_buffer(subscription const& of)
{
    auto const wanted = of.config().receive_buffer;
    auto const granted = of.receive_buffer_size();
    if (granted < wanted)
        complain(fmt::format("--buffer {}: the system grants {}; raise it with sysctl -w "
                             "net.core.rmem_max={}, or be root",
                             wanted, granted, wanted));
}

} // namespace

asio::awaitable<status> run_recv(recv_options options, stop& end)
{
    auto const executor = co_await asio::this_coro::executor;
    metrics_log<metrics::receiver_snapshot> log(options.metrics, metrics_config(options), complain);
    subscription from(executor, options.config);
    auto const counted = from.enable_metrics();
    join(from);
    reporter report(options, from);
    report.joined();
    complain_of_buffer(from);
    asio::co_spawn(executor, report_changes(from, report), [](std::exception_ptr const&) {});

    ticker const stats(executor, options.stats, [&] { report.print_stats(); });
    auto const sample = [&] { log.sample(metrics::as_receiver(counted.snapshot())); };
    sample();
    ticker const samples(executor, options.metrics.interval, sample);

    std::uint64_t received = 0;
    taker taker(from, options);
    try {
        while (!options.count || received < *options.count)
            co_await taker.take(received, report);
    } catch (boost::system::system_error const& failure) {
        if (failure.code() != asio::error::operation_aborted)
            throw problem(failed, to_string(options.config.group), explain(failure.code()));
    }
    sample();
    if (options.stats.count() != 0)
        report.print_total();
    report.summary();
    bool const too_late = end.is_by_timeout() && options.count && received < *options.count;
    if (too_late)
        complain(
            fmt::format("--timeout: {} of {} datagrams came in time", received, *options.count));
    co_return too_late || log.has_failed() ? failed : done;
}

} // namespace rollcast::cli
