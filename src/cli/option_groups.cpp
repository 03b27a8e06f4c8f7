// SPDX-License-Identifier: BSL-1.0
#include "cli/option_groups.hpp"

#include "cli/validators.hpp"

#include <rollcast/metrics_files/environment.hpp>

namespace rollcast::cli {

using std::chrono::nanoseconds;

nanoseconds seconds(double value)
{
    return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(value));
}

void common_group::add_to(CLI::App& app)
{
    app.add_flag("--json", options_.json, "One JSON object per line instead of text");
    app.add_option("--timeout", timeout_, "End after so many seconds")
        ->check(decimal(0, longest, "a number of seconds"))
        ->type_name("S");
}

common_options common_group::finish(CLI::App const& app) const
{
    auto result = options_;
    if (app.count("--timeout") != 0)
        result.timeout = seconds(timeout_);
    return result;
}

void metrics_group::add_to(CLI::App& app)
{
    app.add_option("--stats", stats_,
                   "A line of rates and losses on stderr, every S seconds and at last")
        ->check(decimal(0.01, longest, "a number of seconds"))
        ->type_name("S");
    auto* file = app.add_option("--metrics-file", file_,
                                "Append samples as JSON lines, and of the process beside it")
                     ->type_name("F");
    app.add_option("--metrics-interval", interval_, "Seconds between them, 1")
        ->check(decimal(0.01, longest, "a number of seconds"))
        ->type_name("S")
        ->needs(file);
}

void metrics_group::finish(CLI::App const& app, std::string_view variables, metrics_options& into,
                           nanoseconds& stats) const
{
    auto const wish = metrics::summary_from_environment(variables);
    if (!wish)
        throw problem(wrong_usage, wish.error().message());
    into.node_id = wish->node_id;
    into.extra_flags = wish->extra_flags;
    auto const wished = seconds(wish->interval.count());
    if (app.count("--metrics-file") != 0) {
        if (file_.empty())
            throw problem(wrong_usage, "--metrics-file", "no name; name a file to append to");
        into.file = file_;
        into.interval = seconds(interval_);
    } else if (wished.count() != 0) {
        into.file = wish->file;
        into.interval = wished;
    }
    if (app.count("--stats") != 0)
        stats = seconds(stats_);
    else if (into.file.empty())
        stats = wished;
}

void destination_group::add_to(CLI::App& app)
{
    app.add_option("GROUP", group_,
                   "Multicast group, such as 239.1.1.1 or ff15::1:1; with its port 239.1.1.1:5000")
        ->required()
        ->check(address())
        ->type_name("");
    app.add_option("PORT", port_, "UDP port, 1 to 65535")
        ->required()
        ->transform(port())
        ->type_name("");
}

net::group destination_group::finish() const
{
    return {*read_address(group_), port_};
}

CLI::Option* interface_group::add_to(CLI::App& app, char const* help, std::string const& name)
{
    return app.add_option(name, typed_, help)
        ->check(interface())
        ->type_name("IF")
        ->allow_extra_args(false);
}

void meeting_groups::add_to(CLI::App& app, char const* help)
{
    app.add_option("--group", typed_, help)
        ->check(address())
        ->type_name("ADDR")
        ->allow_extra_args(false);
}

void add_discovery_port(CLI::App& app, net::port_type& into, char const* help)
{
    app.add_option("--discovery-port", into, help)->transform(port())->type_name("P");
}

void add_batch(CLI::App& app, std::optional<std::size_t>& into, char const* help)
{
    app.add_option("--batch", into, help)
        ->transform(whole(1, most_in_batch, "a number of datagrams"))
        ->type_name("N");
}

} // namespace rollcast::cli
