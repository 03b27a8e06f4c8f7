// SPDX-License-Identifier: BSL-1.0
#include "cli/command.hpp"
#include "cli/dash_mark.hpp"
#include "cli/numbering.hpp"
#include "cli/option_groups.hpp"
#include "cli/validators.hpp"

#include <rollcast/metrics_files/environment.hpp>
#include <rollcast/net/endpoint.hpp>
#include <rollcast/send/publication.hpp>

#include <fmt/format.h>

namespace rollcast::cli {
namespace {

class send_command final : public command {
public:
    explicit send_command(CLI::App& root)
        : command(root, "send", "Send datagrams to a multicast group")
    {
        destination_.add_to(app_);
        app_.add_option("PAYLOAD", options_.payload, "Payload; - sends the lines of standard input")
            ->required()
            ->type_name("");
        app_.add_option("--count", options_.count, "Number of datagrams, 1 or all lines of input")
            ->transform(whole(1, UINT64_MAX, "a number of datagrams"))
            ->type_name("N");
        auto* interval = app_.add_option("--interval", interval_ms_, "Time between them")
                             ->check(decimal(0, longest * 1000, "a number of milliseconds"))
                             ->type_name("MS");
        app_.add_option("--rate", options_.rate, "So many datagrams a second")
            ->check(decimal(0.001, 1e9, "a number of datagrams a second"))
            ->type_name("N")
            ->excludes(interval);
        add_batch(app_, options_.batch, "Hand over so many datagrams at a time");
        metrics_.add_to(app_);
        app_.add_flag("--sequence", options_.sequence,
                      "Number them, so that recv tells what is missing or reordered");
        app_.add_flag("--timestamps", options_.timestamps,
                      "Number them with the time of sending, so that recv tells jitter");
        app_.add_option("--size", options_.size, "Repeat the payload to so many bytes")
            ->transform(whole(0, max_payload, "a payload size in bytes"))
            ->type_name("N");
        auto* source = app_.add_option("--source", source_, "Address to send from")
                           ->check(address())
                           ->type_name("ADDR");
        auto* source_port =
            app_.add_option("--source-port", options_.config.source_port, "Port to send from")
                ->transform(port())
                ->type_name("P");
        app_.add_option("--bind", bind_, "Address and port to send from")
            ->type_name("ADDR:P")
            ->excludes(source)
            ->excludes(source_port);
        interfaces_.add_to(app_, interface_group::of_one)->expected(1);
        app_.add_option("--ttl", hop_limit_, "TTL or hop limit, 1 by default")
            ->transform(whole(0, 255, "a TTL or hop limit"))
            ->type_name("N");
        app_.add_flag("--no-loopback", no_loopback_, "Not to receivers on this machine");
        app_.add_flag("--quiet", options_.quiet, "No line per datagram");
        common_.add_to(app_);
        app_.footer("Examples:\n"
                    "  rollcast send 239.1.1.1 5000 hello\n"
                    "  rollcast send ff3e::8000:1 5000 tick --count 10 --interval 100\n"
                    "  rollcast send 239.1.1.1 5000 x --size 1200 --count 100000 --rate 5000 "
                    "--timestamps --quiet\n"
                    "  ls | rollcast send ff12::1 5000 - --interface eth0");
    }

    options finish() override
    {
        auto& config = options_.config;
        config.group = destination_.finish();
        if (source_)
            config.source = read_address(*source_);
        if (bind_)
            bind_to(*bind_);
        for (auto const& only : interfaces_.finish())
            config.interface = only;
        config.hop_limit = hop_limit_;
        config.loopback = !no_loopback_;
        options_.interval = seconds(options_.rate != 0 ? 1 / options_.rate : interval_ms_ / 1000);
        options_.common = common_.finish(app_);
        options_.payload = without_dash_mark(std::move(options_.payload));
        options_.sequence |= options_.timestamps;
        check_payload();
        metrics_.finish(app_, metrics::send_variables, options_.metrics, options_.stats);
        check(config);
        return options_;
    }

private:
    void bind_to(std::string const& text)
    {
        auto const endpoint = net::parse_endpoint(text);
        if (!endpoint)
            throw problem(wrong_usage, "--bind " + endpoint.error().message());
        if (endpoint->port() == 0)
            throw problem(wrong_usage, "--bind " + text, explain(error::invalid_port));
        if (endpoint->address().is_v4() != options_.config.group.address.is_v4())
            throw problem(wrong_usage, "--bind " + text, explain(error::source_family_mismatch));
        options_.config.source = endpoint->address();
        options_.config.source_port = endpoint->port();
    }

    void check_payload() const
    {
        auto const mark =
            options_.sequence ? numbering::longest_mark(options_.timestamps) : std::size_t{0};
        auto const* const included = options_.timestamps ? ", its number and time included"
                                     : options_.sequence ? ", its number included"
                                                         : "";
        auto const size = options_.payload.size() + mark;
        if (size > max_payload)
            throw problem(wrong_usage, fmt::format("payload of {} bytes{}", size, included),
                          explain(error::payload_too_large));
        bool const fixed = options_.payload != "-";
        if (options_.size && fixed && size > *options_.size)
            throw problem(wrong_usage, fmt::format("--size {}", *options_.size),
                          fmt::format("the payload has {} bytes already{}; use {} or more", size,
                                      included, size));
    }

    destination_group destination_;
    std::optional<std::string> source_;
    std::optional<std::string> bind_;
    interface_group interfaces_;
    double interval_ms_ = 0;
    int hop_limit_ = 1;
    bool no_loopback_ = false;
    metrics_group metrics_;
    common_group common_;
    send_options options_;
};

} // namespace

std::unique_ptr<command> add_send(CLI::App& root)
{
    return std::make_unique<send_command>(root);
}

} // namespace rollcast::cli
