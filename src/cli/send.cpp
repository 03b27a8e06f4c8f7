// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/input_lines.hpp"
#include "cli/output.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/send/publication.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

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

class tally {
public:
    tally(send_options const& options) : options_(options) {}

    void sent(send_report const& report)
    {
        ++packets_;
        bytes_ += report.bytes;
        if (options_.quiet)
            return;
        auto const destination = net::to_string(report.destination);
        auto const source = net::to_string(report.source);
        print_line(options_.common.json ? json_line("sent")
                                              .add("destination", boost::json::value(destination))
                                              .add("source", boost::json::value(source))
                                              .add("bytes", report.bytes)
                                              .str()
                                        : fmt::format("sent {} bytes from {} to {}", report.bytes,
                                                      source, destination));
    }

    void failed_to_send(error_code const& ec)
    {
        // Dropped on its way out of this machine; packets, errors and dropped make up the whole.
        ++(ec == asio::error::no_buffer_space ? dropped_ : errors_);
        if (ec == last_error_)
            return; // once is enough for people; the summary counts them all
        last_error_ = ec;
        complain(to_string(options_.config.group) + ": " + explain(ec));
    }

    void summary() const
    {
        if (!options_.common.json)
            return print_line(fmt::format("{} packets, {} bytes, {} errors{}", packets_, bytes_,
                                          errors_,
                                          dropped_ ? fmt::format(", {} dropped", dropped_) : ""));
        json_line line("summary");
        line.add("packets", packets_).add("bytes", bytes_).add("errors", errors_);
        if (dropped_ != 0)
            line.add("dropped", dropped_);
        print_line(line.str());
    }

    bool all_sent() const noexcept { return errors_ + dropped_ == 0; }

private:
    send_options const& options_;
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t errors_ = 0;
    std::uint64_t dropped_ = 0; ///< By the egress queue.
    error_code last_error_;
};

void open(publication& to)
{
    error_code ec;
    to.open(ec);
    auto const& config = to.config();
    bool const about_port = ec == asio::error::address_in_use ||
                            (ec == boost::system::errc::permission_denied && config.source_port);
    if (about_port)
        throw problem(failed, fmt::format("source port {}", config.source_port), explain(ec));
    if (ec)
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
    if (ec == asio::error::operation_aborted)
        throw boost::system::system_error(ec);
    if (ec)
        tally.failed_to_send(ec);
}

asio::awaitable<void> pause(std::chrono::nanoseconds interval)
{
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, interval);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> send_count(publication& to, send_options const& options, tally& tally)
{
    auto const payload = sized(options.payload, options.size);
    for (std::uint64_t n = 0; n < options.count.value_or(1); ++n) {
        if (n != 0 && options.interval.count() > 0)
            co_await pause(options.interval);
        co_await send_one(to, payload, tally);
    }
}

asio::awaitable<void> send_lines(publication& to, send_options const& options, tally& tally)
{
    auto const executor = co_await asio::this_coro::executor;
    input_lines input(executor);
    std::uint64_t lines = 0;
    while (!options.count || lines < *options.count) {
        auto const line = co_await input.next();
        if (!line)
            co_return;
        if (lines != 0 && options.interval.count() > 0)
            co_await pause(options.interval);
        auto const payload = sized(*line, options.size);
        co_await send_one(to, payload, tally);
        ++lines;
    }
}

} // namespace

asio::awaitable<status> run_send(send_options options, stop const& why)
{
    auto const executor = co_await asio::this_coro::executor;
    publication to(executor, options.config);
    open(to);
    tally tally(options);
    bool const from_input = options.payload == "-";
    bool complete = true;
    try {
        if (from_input)
            co_await send_lines(to, options, tally);
        else
            co_await send_count(to, options, tally);
    } catch (boost::system::system_error const& failure) {
        complete = failure.code() != asio::error::operation_aborted;
        if (complete)
            throw;
    }
    tally.summary();
    bool const too_late = !complete && why == stop::by_timeout && !from_input;
    co_return tally.all_sent() && !too_late ? done : failed;
}

} // namespace rollcast::cli
