// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/input_lines.hpp"
#include "cli/metrics_log.hpp"
#include "cli/new_addresses.hpp"
#include "cli/numbering.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/ticker.hpp"
#include "cli/traffic_stats.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/send.hpp>
#include <rollcast/send/pacer.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rollcast::cli {
namespace {

/// Repeats the payload up to the size; an empty one is filled with zeros, a longer one is kept.
std::string sized(std::string payload, std::optional<std::size_t> size)
{
    if (!size || payload.size() >= *size)
        return payload;
    if (payload.empty())
        payload.push_back('\0');
    std::string result;
    while (result.size() < *size)
        result += payload;
    result.resize(*size);
    return result;
}

char const* words_for(egress_change change)
{
    switch (change) {
    case egress_change::lost:
        return ": nothing can leave by it; it is gone, down, or has no carrier";
    case egress_change::restored:
        return ": datagrams leave by it again";
    case egress_change::moved:
        return ": routes lead there now, and datagrams leave by it";
    }
    return "";
}

class tally {
public:
    tally(send_options const& options, progress& progress, traffic_stats& stats)
        : options_(options), progress_(progress), stats_(stats)
    {
    }

    void sent(asio::ip::udp::endpoint const& from, asio::ip::udp::endpoint const& to,
              std::size_t bytes)
    {
        ++packets_;
        bytes_ += bytes;
        stats_.pass(std::chrono::system_clock::now(), bytes);
        progress_.advance();
        if (options_.quiet)
            return;
        auto const destination = net::to_string(to);
        auto const source = net::to_string(from);
        print_line(options_.common.json
                       ? json_line("sent")
                             .add("destination", boost::json::value(destination))
                             .add("source", boost::json::value(source))
                             .add("bytes", bytes)
                             .str()
                       : fmt::format("sent {} bytes from {} to {}", bytes, source, destination));
    }

    void sent(send_report const& report) { sent(report.source, report.destination, report.bytes); }

    void sent(batch_report const& report, std::vector<std::string> const& payloads)
    {
        auto failure = report.failures.begin();
        for (std::size_t index = 0; index < report.next; ++index) {
            bool const failed = failure != report.failures.end() && failure->index == index;
            if (failed)
                failed_to_send((failure++)->error);
            else
                sent(report.source, report.destination, payloads[index].size());
        }
    }

    void failed_to_send(error_code const& ec)
    {
        // Dropped on its way out of this machine; packets, errors and dropped make up the whole.
        ++(ec == asio::error::no_buffer_space ? dropped_ : errors_);
        progress_.advance();
        if (ec == last_error_)
            return; // once is enough for people; the summary counts them all
        last_error_ = ec;
        bool const is_marked = ec == error::payload_too_large && options_.sequence;
        progress_.complain(to_string(options_.config.group) + ": " + explain(ec) +
                           (is_marked ? ", its number included" : ""));
    }

    /// What others tell of datagrams that had left; the same of each of them once.
    void hear_network(publication& of)
    {
        while (auto const told = of.try_network_error())
            if (complaints_.size() < most_complaints &&
                complaints_.emplace(told->reporter, told->error.value()).second)
                progress_.complain(to_string(*told));
        network_errors_ = of.counters().network_errors;
    }

    void hear_of_egress(publication& of)
    {
        while (auto const event = of.try_egress_event())
            progress_.complain(event->interface + words_for(event->change));
        egress_changes_ = of.counters().egress_changes;
    }

    /// Only where a send has noticed something, which costs no look into a queue.
    void follow(publication& of)
    {
        if (of.counters().egress_changes != egress_changes_)
            hear_of_egress(of);
        if (of.counters().network_errors != network_errors_)
            hear_network(of);
    }

    void summary() const
    {
        if (!options_.common.json) {
            auto const dropped = dropped_ ? fmt::format(", {} dropped", dropped_) : "";
            return print_line(fmt::format("{} packets, {} bytes, {} errors{}", packets_, bytes_,
                                          errors_, dropped));
        }
        json_line line("summary");
        line.add("packets", packets_).add("bytes", bytes_).add("errors", errors_);
        if (dropped_ != 0)
            line.add("dropped", dropped_);
        if (network_errors_ != 0)
            line.add("network_errors", network_errors_);
        print_line(line.str());
    }

    std::uint64_t tried() const noexcept { return packets_ + errors_ + dropped_; }

    bool all_sent() const noexcept { return errors_ + dropped_ == 0; }

private:
    static constexpr std::size_t most_complaints = 64; // whoever forges them has many names

    send_options const& options_;
    progress& progress_;
    traffic_stats& stats_;
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t errors_ = 0;
    std::uint64_t dropped_ = 0; ///< By the egress queue.
    std::uint64_t network_errors_ = 0;
    std::uint64_t egress_changes_ = 0;
    std::set<std::pair<asio::ip::address, int>> complaints_; ///< Who told what.
    error_code last_error_;
};

asio::awaitable<void> open(publication& to)
{
    error_code ec;
    to.open(ec);
    for (new_addresses awaited; ec && co_await awaited.have_come(ec);)
        to.open(ec);
    if (!ec)
        co_return;
    new_addresses::complain_of_duplicates();
    auto const& config = to.config();
    if (ec == asio::error::address_in_use) // which names who has the port
        throw problem(failed, rollcast::explain(config, ec));
    if (ec == boost::system::errc::permission_denied && config.source_port)
        throw problem(failed, fmt::format("source port {}", config.source_port), explain(ec));
    throw problem(failed, to_string(config.group), explain(ec));
}

asio::awaitable<void> send_one(publication& to, std::string const& payload, tally& tally)
{
    error_code ec;
    try {
        auto const report = co_await to.send(asio::buffer(payload));
        tally.sent(report);
    } catch (boost::system::system_error const& failure) {
        ec = failure.code();
    }
    tally.follow(to);
    if (ec == asio::error::operation_aborted)
        throw boost::system::system_error(ec);
    if (ec)
        tally.failed_to_send(ec);
}

asio::awaitable<void> send_many(publication& to, std::vector<std::string> const& payloads,
                                tally& tally)
{
    std::vector<asio::const_buffer> buffers;
    for (auto const& each : payloads)
        buffers.push_back(asio::buffer(each));
    auto const report = co_await to.send_batch(buffers);
    tally.sent(report, payloads);
    tally.follow(to);
    if (report.ended)
        throw boost::system::system_error(report.ended);
}

/// The payloads to be sent, one after the other: the same again and again, or lines of input.
class payloads {
public:
    payloads(asio::any_io_executor const& executor, send_options const& options)
        : options_(options), left_(options.count)
    {
        if (options.payload == "-")
            input_.emplace(executor);
        else if (!left_)
            left_ = 1;
    }

    /// As it was given.
    asio::awaitable<std::optional<std::string>> next()
    {
        if (left_ && (*left_)-- == 0)
            co_return std::nullopt;
        if (input_)
            co_return co_await input_->next();
        co_return options_.payload;
    }

    /// As it goes, at the moment of going, which may be in it.
    std::string finished(std::string payload)
    {
        if (options_.timestamps)
            payload = numbers_.next(payload, std::chrono::system_clock::now());
        else if (options_.sequence)
            payload = numbers_.next(payload);
        return sized(std::move(payload), options_.size);
    }

    bool come_from_input() const noexcept { return input_.has_value(); }

private:
    send_options const& options_;
    std::optional<std::uint64_t> left_;
    std::optional<input_lines> input_;
    numbering numbers_{std::random_device{}()};
};

/// Waits at least the interval between two, or keeps the pace on average.
class gait {
public:
    gait(asio::any_io_executor const& executor, send_options const& options)
        : interval_(options.interval), timer_(executor)
    {
        if (options.rate != 0)
            pacer_.emplace(executor, options.rate);
    }

    asio::awaitable<void> turn(std::uint64_t count)
    {
        bool const first = std::exchange(began_, true) == false;
        if (pacer_)
            co_return co_await pacer_->turn(count);
        if (first || interval_.count() == 0)
            co_return;
        timer_.expires_after(interval_);
        co_await timer_.async_wait(asio::use_awaitable);
    }

private:
    std::chrono::nanoseconds interval_;
    asio::steady_timer timer_;
    std::optional<pacer> pacer_;
    bool began_ = false;
};

asio::awaitable<void> send_all(publication& to, payloads& from, send_options const& options,
                               tally& tally)
{
    gait gait(co_await asio::this_coro::executor, options);
    std::vector<std::string> batch;
    for (;;) {
        auto payload = co_await from.next();
        if (!options.batch && !payload)
            co_return;
        if (!options.batch) {
            co_await gait.turn(1);
            auto const ready = from.finished(std::move(*payload));
            co_await send_one(to, ready, tally);
            continue;
        }
        bool const ended = !payload;
        if (payload)
            batch.push_back(std::move(*payload));
        if (batch.size() == *options.batch || (ended && !batch.empty())) {
            co_await gait.turn(batch.size());
            for (auto& each : batch)
                each = from.finished(std::move(each));
            co_await send_many(to, batch, tally);
            batch.clear();
        }
        if (ended)
            co_return;
    }
}

} // namespace

asio::awaitable<status> run_send(send_options options, stop& end)
{
    auto const executor = co_await asio::this_coro::executor;
    std::optional<progress> shown;
    shown.emplace(executor, options);
    metrics_log<metrics::sender_snapshot> log(
        options.metrics, metrics_config(options),
        [&](std::string const& line) { shown ? shown->complain(line) : complain(line); });
    publication to(executor, options.config);
    auto const counted = to.enable_metrics();
    co_await open(to);
    traffic_stats stats(options.common.json);
    tally tally(options, *shown, stats);
    auto const so_far = [&] {
        auto const& counters = to.counters();
        return traffic{counters.packets, counters.bytes, counters.dropped};
    };
    ticker const stats_timer(executor, options.stats, [&] { stats.print(so_far()); });
    auto const sample = [&] { log.sample(metrics::as_sender(counted.snapshot())); };
    sample();
    ticker const samples(executor, options.metrics.interval, sample);
    payloads from(executor, options);
    bool complete = true;
    try {
        co_await send_all(to, from, options, tally);
    } catch (boost::system::system_error const& failure) {
        complete = failure.code() != asio::error::operation_aborted;
        if (complete)
            throw;
    }
    sample();
    tally.hear_network(to);
    shown.reset();
    if (options.stats.count() != 0)
        stats.print_total(so_far());
    tally.summary();
    bool const too_late = !complete && end.is_by_timeout() && !from.come_from_input();
    if (too_late)
        complain(fmt::format("--timeout: {} of {} datagrams were sent in time", tally.tried(),
                             options.count.value_or(1)));
    co_return tally.all_sent() && !too_late && !log.has_failed() ? done : failed;
}

} // namespace rollcast::cli
