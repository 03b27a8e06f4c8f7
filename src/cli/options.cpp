// SPDX-License-Identifier: BSL-1.0
#include "cli/options.hpp"

#include "cli/check.hpp"
#include "cli/numbering.hpp"
#include "cli/problem.hpp"
#include "cli/validators.hpp"
#include "cli/version.hpp"

#include <rollcast/metrics/environment.hpp>
#include <rollcast/net/endpoint.hpp>
#include <rollcast/send/publication.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <sstream>

namespace rollcast::cli {
namespace {

using std::chrono::nanoseconds;

/// What was typed, before it becomes a configuration.
struct typed {
    std::string group;
    std::uint16_t port = 0;
    std::vector<std::string> sources;
    std::vector<std::string> interfaces;
    std::vector<std::string> excluded;
    std::vector<std::string> groups;
    std::optional<std::string> bind;
    std::optional<std::string> data;
    double timeout = 0;
    double interval_ms = 0;
    double rate = 0;
    double stats = 0;
    std::string metrics_file;
    double metrics_interval = 1;
    double wait = 0;
    double detection_time = 10;
    int hop_limit = 1;
    bool no_loopback = false;
};

nanoseconds seconds(double value)
{
    return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(value));
}

constexpr double longest = 1e9; // seconds; about 31 years

constexpr std::uint64_t most_in_batch = 1024;

void add_common(CLI::App& app, common_options& common, typed& typed)
{
    app.add_flag("--json", common.json, "One JSON object per line instead of text");
    app.add_option("--timeout", typed.timeout, "End after so many seconds")
        ->check(decimal(0, longest, "a number of seconds"))
        ->type_name("S");
}

void add_metrics(CLI::App& app, typed& typed)
{
    app.add_option("--stats", typed.stats, "A line of rates and losses on stderr, every S seconds")
        ->check(decimal(0.01, longest, "a number of seconds"))
        ->type_name("S");
    auto* file = app.add_option("--metrics-file", typed.metrics_file,
                                "Append samples as JSON lines, and of the process beside it")
                     ->type_name("F");
    app.add_option("--metrics-interval", typed.metrics_interval, "Seconds between them, 1")
        ->check(decimal(0.01, longest, "a number of seconds"))
        ->type_name("S")
        ->needs(file);
}

/// What the command line says goes before what the environment does.
void finish_metrics(CLI::App const& app, typed const& typed, std::string_view variables,
                    auto& options)
{
    auto const wish = metrics::summary_from_environment(variables);
    if (!wish) {
        bool const number = wish.error() == error::invalid_metrics_interval;
        throw problem(wrong_usage,
                      std::string(variables) + (number ? "SUMMARY_SECS" : "FLAGS_JSON"),
                      explain(wish.error()));
    }
    auto& into = options.metrics;
    into.node_id = wish->node_id;
    into.extra_flags = wish->extra_flags;
    auto const wished = seconds(wish->interval.count());
    if (app.count("--metrics-file") != 0) {
        into.file = typed.metrics_file;
        if (typed.metrics_file.empty())
            throw problem(wrong_usage, "--metrics-file", "no name; name a file to append to");
        into.interval = seconds(typed.metrics_interval);
    } else if (wished.count() != 0) {
        into.file = wish->file;
        into.interval = wished;
    }
    if (app.count("--stats") != 0)
        options.stats = seconds(typed.stats);
    else if (into.file.empty())
        options.stats = wished;
}

void add_group(CLI::App& app, typed& typed)
{
    app.add_option("GROUP", typed.group, "Multicast group, such as 239.1.1.1 or ff15::1:1")
        ->required()
        ->check(address())
        ->type_name("");
    app.add_option("PORT", typed.port, "UDP port, 1 to 65535")
        ->required()
        ->transform(port())
        ->type_name("");
}

constexpr char interface_help[] = "Interface: a name, an index, an address, or fe80::1%eth0";
constexpr char interfaces_help[] =
    "Interface: a name, a pattern such as eth*, an index, or an address";

// CLI11 2.1 does not let a subcommand's positional begin with a dash, not even behind "--".
constexpr char dash_mark = '\x1e';

std::vector<std::string> mark_dashes(int argc, char const* const* argv)
{
    std::vector<std::string> arguments(argv + 1, argv + argc);
    auto const end = std::ranges::find(arguments, "--");
    if (end == arguments.end())
        return arguments;
    for (auto each = arguments.erase(end); each != arguments.end(); ++each)
        if (each->starts_with('-') && *each != "-")
            each->insert(each->begin(), dash_mark);
    return arguments;
}

std::string without_mark(std::string text)
{
    if (text.starts_with(dash_mark))
        text.erase(text.begin());
    return text;
}

class recv_command {
public:
    explicit recv_command(CLI::App& root)
        : app_(*root.add_subcommand("recv", "Receive the datagrams of a multicast group"))
    {
        app_.allow_extras();
        add_group(app_, typed_);
        app_.add_option("--source", typed_.sources, "Accept this sender only (source-specific)")
            ->check(address())
            ->type_name("ADDR")
            ->allow_extra_args(false);
        app_.add_option("--interface", typed_.interfaces, interface_help)
            ->check(interface())
            ->type_name("IF")
            ->allow_extra_args(false);
        app_.add_option("--count", options_.count, "End after so many datagrams")
            ->transform(whole(1, UINT64_MAX, "a number of datagrams"))
            ->type_name("N");
        app_.add_option("--buffer", options_.config.receive_buffer, "Kernel receive buffer")
            ->transform(whole(1, INT_MAX / 2, "a buffer size in bytes"))
            ->type_name("BYTES");
        app_.add_option("--batch", options_.batch, "Take up to so many datagrams at a time")
            ->transform(whole(1, most_in_batch, "a number of datagrams"))
            ->type_name("N");
        add_metrics(app_, typed_);
        app_.add_flag("--quiet", options_.quiet, "No line per datagram");
        add_common(app_, options_.common, typed_);
        app_.footer("Examples:\n"
                    "  rollcast recv 239.1.1.1 5000\n"
                    "  rollcast recv 239.1.1.1 5000 --stats 1 --quiet\n"
                    "  rollcast recv 232.1.1.1 5000 --source 10.0.0.7 --interface eth0\n"
                    "  rollcast recv ff15::1:1 5000 --json --count 10 --timeout 5");
    }

    bool chosen() const { return app_.parsed(); }

    recv_options finish()
    {
        options_.config.group = net::group(*read_address(typed_.group), typed_.port);
        for (auto const& each : typed_.sources)
            options_.config.sources.push_back(*read_address(each));
        for (auto const& each : typed_.interfaces)
            options_.config.interfaces.emplace_back(each);
        if (app_.count("--timeout") != 0)
            options_.common.timeout = seconds(typed_.timeout);
        finish_metrics(app_, typed_, metrics::receive_variables, options_);
        check(options_.config);
        return options_;
    }

private:
    CLI::App& app_;
    typed typed_;
    recv_options options_;
};

class send_command {
public:
    explicit send_command(CLI::App& root)
        : app_(*root.add_subcommand("send", "Send datagrams to a multicast group"))
    {
        app_.allow_extras();
        add_group(app_, typed_);
        app_.add_option("PAYLOAD", options_.payload, "Payload; - sends the lines of standard input")
            ->required()
            ->type_name("");
        app_.add_option("--count", options_.count, "Number of datagrams")
            ->transform(whole(1, UINT64_MAX, "a number of datagrams"))
            ->type_name("N");
        auto* interval = app_.add_option("--interval", typed_.interval_ms, "Time between them")
                             ->check(decimal(0, longest * 1000, "a number of milliseconds"))
                             ->type_name("MS");
        app_.add_option("--rate", typed_.rate, "So many datagrams a second")
            ->check(decimal(0.001, 1e9, "a number of datagrams a second"))
            ->type_name("N")
            ->excludes(interval);
        app_.add_option("--batch", options_.batch, "Hand over so many datagrams at a time")
            ->transform(whole(1, most_in_batch, "a number of datagrams"))
            ->type_name("N");
        add_metrics(app_, typed_);
        app_.add_flag("--sequence", options_.sequence,
                      "Number them, so that recv --stats tells what is missing");
        app_.add_option("--size", options_.size, "Repeat the payload to so many bytes")
            ->transform(whole(0, max_payload, "a payload size in bytes"))
            ->type_name("N");
        auto* source = app_.add_option("--source", typed_.sources, "Address to send from")
                           ->check(address())
                           ->type_name("ADDR")
                           ->expected(1);
        auto* source_port =
            app_.add_option("--source-port", options_.config.source_port, "Port to send from")
                ->transform(port())
                ->type_name("P");
        app_.add_option("--bind", typed_.bind, "Address and port to send from")
            ->type_name("ADDR:P")
            ->excludes(source)
            ->excludes(source_port);
        app_.add_option("--interface", typed_.interfaces, interface_help)
            ->check(interface())
            ->type_name("IF")
            ->expected(1);
        app_.add_option("--ttl", typed_.hop_limit, "TTL or hop limit, 1 by default")
            ->transform(whole(0, 255, "a TTL or hop limit"))
            ->type_name("N");
        app_.add_flag("--no-loopback", typed_.no_loopback, "Not to receivers on this machine");
        app_.add_flag("--quiet", options_.quiet, "No line per datagram");
        add_common(app_, options_.common, typed_);
        app_.footer("Examples:\n"
                    "  rollcast send 239.1.1.1 5000 hello\n"
                    "  rollcast send ff3e::8000:1 5000 tick --count 10 --interval 100\n"
                    "  rollcast send 239.1.1.1 5000 x --size 1200 --count 100000 --rate 5000 "
                    "--sequence --quiet\n"
                    "  ls | rollcast send ff12::1 5000 - --interface eth0");
    }

    bool chosen() const { return app_.parsed(); }

    send_options finish()
    {
        auto& config = options_.config;
        config.group = net::group(*read_address(typed_.group), typed_.port);
        if (!typed_.sources.empty())
            config.source = read_address(typed_.sources.front());
        if (typed_.bind)
            bind_to(*typed_.bind);
        if (!typed_.interfaces.empty())
            config.interface = typed_.interfaces.front();
        config.hop_limit = typed_.hop_limit;
        config.loopback = !typed_.no_loopback;
        options_.catches_up = app_.count("--rate") != 0;
        options_.interval =
            seconds(options_.catches_up ? 1 / typed_.rate : typed_.interval_ms / 1000);
        if (app_.count("--timeout") != 0)
            options_.common.timeout = seconds(typed_.timeout);
        options_.payload = without_mark(std::move(options_.payload));
        check_payload();
        finish_metrics(app_, typed_, metrics::send_variables, options_);
        check(config);
        return options_;
    }

private:
    void bind_to(std::string const& text)
    {
        auto const endpoint = net::parse_endpoint(text);
        if (!endpoint)
            throw problem(wrong_usage, "--bind " + text,
                          "not an address and port; write 10.0.0.1:5000 or [fe80::1]:5000");
        if (endpoint->port() == 0)
            throw problem(wrong_usage, "--bind " + text, explain(error::invalid_port));
        if (endpoint->address().is_v4() != options_.config.group.address.is_v4())
            throw problem(wrong_usage, "--bind " + text, explain(error::source_family_mismatch));
        options_.config.source = endpoint->address();
        options_.config.source_port = endpoint->port();
    }

    void check_payload() const
    {
        auto const size =
            options_.payload.size() + (options_.sequence ? numbering::longest_mark : 0);
        if (size > max_payload)
            throw problem(wrong_usage, fmt::format("payload of {} bytes", size),
                          explain(error::payload_too_large));
        bool const fixed = options_.payload != "-";
        if (options_.size && fixed && size > *options_.size)
            throw problem(wrong_usage, fmt::format("--size {}", *options_.size),
                          fmt::format("the payload has {} bytes already{}; use {} or more", size,
                                      options_.sequence ? ", its number included" : "", size));
    }

    CLI::App& app_;
    typed typed_;
    send_options options_;
};

/// A group given for one IP version leaves the other unused.
void meet_in(std::vector<std::string> const& groups, auto& config)
{
    config.group_v4.reset();
    config.group_v6.reset();
    for (auto const& text : groups) {
        auto const group = *read_address(text);
        bool const repeated =
            group.is_v4() ? config.group_v4.has_value() : config.group_v6.has_value();
        if (repeated)
            throw problem(wrong_usage, "--group " + text,
                          "a second group of one IP version; give one for each");
        if (group.is_v4())
            config.group_v4 = group.to_v4();
        else
            config.group_v6 = group.to_v6();
    }
}

class chart_command {
public:
    explicit chart_command(CLI::App& root)
        : app_(*root.add_subcommand("chart", "Show who else is on this network"))
    {
        app_.allow_extras();
        auto& config = options_.config;
        app_.add_option("--id", config.id, "Our id; random by default")
            ->transform(whole(0, UINT64_MAX, "an id"))
            ->type_name("N");
        app_.add_option("--port", config.service_ports, "Port we serve on; may be repeated")
            ->transform(port())
            ->type_name("P")
            ->allow_extra_args(false);
        app_.add_option("--data", typed_.data, "What to tell the others; - takes lines of input")
            ->type_name("TEXT");
        app_.add_option("--group", typed_.groups, "Group to meet in, once per IP version")
            ->check(address())
            ->type_name("ADDR")
            ->allow_extra_args(false);
        app_.add_option("--discovery-port", config.discovery_port, "Port to meet on, 8080")
            ->transform(port())
            ->type_name("P");
        app_.add_option("--backup-port", config.backup_ports,
                        "Where to meet if that port is taken, 61345 and 61346; may be repeated")
            ->transform(port())
            ->type_name("P")
            ->allow_extra_args(false);
        app_.add_option("--name", config.name, "Only instances of this name see each other")
            ->type_name("NAME");
        app_.add_option("--interface", typed_.interfaces, interfaces_help)
            ->check(interface())
            ->type_name("IF")
            ->allow_extra_args(false);
        app_.add_option("--exclude", typed_.excluded, "Interface not to use, in the same forms")
            ->check(interface())
            ->type_name("IF")
            ->allow_extra_args(false);
        app_.add_flag("--wait", config.wait_for_interface, "Without any interface, wait for one");
        app_.add_flag("--local", config.local_discovery, "This machine only");
        app_.add_option("--detection-time", typed_.detection_time, "A crash is noticed within, 10")
            ->check(decimal(1, 3600, "a detection time in seconds"))
            ->type_name("S");
        app_.add_flag("--sniff", options_.sniff, "Listen only, send nothing");
        app_.add_option("--until", options_.until, "End when so many are found, us included")
            ->transform(whole(1, UINT64_MAX, "a number of instances"))
            ->type_name("N");
        add_common(app_, options_.common, typed_);
        app_.footer("Examples:\n"
                    "  rollcast chart --port 8042 --data v1.2\n"
                    "  rollcast chart --local --id 7 --until 3 --timeout 10\n"
                    "  rollcast chart --sniff --json");
    }

    bool chosen() const { return app_.parsed(); }

    chart_options finish()
    {
        auto& config = options_.config;
        if (!typed_.groups.empty())
            meet_in(typed_.groups, config);
        for (auto const& each : typed_.interfaces)
            config.interfaces.emplace_back(each);
        for (auto const& each : typed_.excluded)
            config.excluded_interfaces.emplace_back(each);
        config.detection_time =
            std::chrono::duration_cast<std::chrono::milliseconds>(seconds(typed_.detection_time));
        options_.data_from_input = typed_.data == "-";
        if (typed_.data && !options_.data_from_input) {
            auto const bytes = std::as_bytes(std::span(*typed_.data));
            config.data.assign(bytes.begin(), bytes.end());
        }
        if (app_.count("--timeout") != 0)
            options_.common.timeout = seconds(typed_.timeout);
        check(config);
        return options_;
    }

private:
    CLI::App& app_;
    typed typed_;
    chart_options options_;
};

class doctor_command {
public:
    explicit doctor_command(CLI::App& root)
        : app_(*root.add_subcommand("doctor", "Find out why multicast does not work here"))
    {
        app_.allow_extras();
        app_.add_option("--interface", typed_.interfaces, interfaces_help)
            ->check(interface())
            ->type_name("IF")
            ->allow_extra_args(false);
        app_.add_option("--group", typed_.groups, "Group to try, once per IP version")
            ->check(address())
            ->type_name("ADDR")
            ->allow_extra_args(false);
        app_.add_option("--discovery-port", options_.discovery_port, "Port to try, 8080")
            ->transform(port())
            ->type_name("P");
        app_.add_option("--wait", typed_.wait, "Listen for an IGMP querier for so long; needs root")
            ->check(decimal(0, longest, "a number of seconds"))
            ->type_name("S");
        add_common(app_, options_.common, typed_);
        app_.footer("Examples:\n"
                    "  rollcast doctor\n"
                    "  rollcast doctor --interface eth0 --wait 130\n"
                    "  rollcast doctor --json");
    }

    bool chosen() const { return app_.parsed(); }

    doctor_options finish()
    {
        if (!typed_.groups.empty())
            meet_in(typed_.groups, options_);
        for (auto const& each : typed_.interfaces)
            options_.interfaces.emplace_back(each);
        if (app_.count("--timeout") != 0)
            options_.common.timeout = seconds(typed_.timeout);
        options_.wait = seconds(typed_.wait);
        check_as_a_chart_would();
        return options_;
    }

private:
    void check_as_a_chart_would() const
    {
        chart_config config;
        config.group_v4 = options_.group_v4;
        config.group_v6 = options_.group_v6;
        config.discovery_port = options_.discovery_port;
        config.interfaces = options_.interfaces;
        check(config);
    }

    CLI::App& app_;
    typed typed_;
    doctor_options options_;
};

std::string without_last_newline(std::string text)
{
    if (text.ends_with('\n'))
        text.pop_back();
    return text;
}

constexpr char commands[] = "use recv, send, chart or doctor";

/// What stands on the command line and belongs nowhere.
void refuse_extras(CLI::App const& app)
{
    auto const chosen = app.get_subcommands();
    auto const extras = app.remaining(true);
    if (extras.empty() && chosen.empty())
        throw problem(wrong_usage, "no command", commands);
    if (extras.empty())
        return;
    if (chosen.empty())
        throw problem(wrong_usage, extras.front(), std::string("no such command; ") + commands);
    auto const name = chosen.front()->get_name();
    auto const hint = name == "send" ? "; a payload that begins with - goes behind --" : "";
    throw problem(wrong_usage, extras.front(),
                  fmt::format("not expected here; see rollcast {} --help{}", name, hint));
}

} // namespace

options parse(int argc, char const* const* argv)
{
    CLI::App app("Who else is on this network, and how to reach them", "rollcast");
    app.set_version_flag("--version", std::string("rollcast ") + version);
    app.allow_extras();
    app.footer("Examples:\n"
               "  rollcast chart --port 8042\n"
               "  rollcast recv 239.1.1.1 5000\n"
               "  rollcast send 239.1.1.1 5000 hello\n"
               "  rollcast doctor");
    recv_command recv(app);
    send_command send(app);
    chart_command chart(app);
    doctor_command doctor(app);
    try {
        auto arguments = mark_dashes(argc, argv);
        std::ranges::reverse(arguments); // the order App::parse takes them in
        app.parse(arguments);
        refuse_extras(app);
    } catch (CLI::Success const& end) {
        std::ostringstream text;
        app.exit(end, text);
        return information{without_last_newline(text.str())};
    } catch (CLI::RequiredError const& missing) {
        refuse_extras(app);
        throw problem(wrong_usage, missing.what());
    } catch (CLI::ParseError const& wrong) {
        throw problem(wrong_usage, wrong.what());
    }
    if (recv.chosen())
        return recv.finish();
    if (send.chosen())
        return send.finish();
    if (doctor.chosen())
        return doctor.finish();
    return chart.finish();
}

} // namespace rollcast::cli
