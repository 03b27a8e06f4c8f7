// SPDX-License-Identifier: BSL-1.0
#include "cli/command.hpp"
#include "cli/option_groups.hpp"
#include "cli/validators.hpp"

#include <rollcast/metrics_files/environment.hpp>

#include <climits>

namespace rollcast::cli {
namespace {

class recv_command final : public command {
public:
    explicit recv_command(CLI::App& root)
        : command(root, "recv", "Receive the datagrams of a multicast group")
    {
        destination_.add_to(app_);
        app_.add_option("--source", sources_, "Accept this sender only (source-specific)")
            ->check(address())
            ->type_name("ADDR")
            ->allow_extra_args(false);
        app_.add_flag("--allow-any-source-range", options_.config.allow_any_source_range,
                      "--source also outside 232/8 and ff3x::/32");
        interfaces_.add_to(app_, interface_group::of_one);
        app_.add_option("--count", options_.count, "End after so many datagrams")
            ->transform(whole(1, UINT64_MAX, "a number of datagrams"))
            ->type_name("N");
        app_.add_option("--buffer", options_.config.receive_buffer, "Kernel receive buffer")
            ->transform(whole(1, INT_MAX / 2, "a buffer size in bytes"))
            ->type_name("BYTES");
        add_batch(app_, options_.batch, "Take up to so many datagrams at a time");
        metrics_.add_to(app_);
        app_.add_flag("--quiet", options_.quiet, "No line per datagram");
        common_.add_to(app_);
        app_.footer("Examples:\n"
                    "  rollcast recv 239.1.1.1 5000\n"
                    "  rollcast recv 239.1.1.1 5000 --stats 1 --quiet\n"
                    "  rollcast recv 232.1.1.1 5000 --source 10.0.0.7 --interface eth0\n"
                    "  rollcast recv ff15::1:1 5000 --json --count 10 --timeout 5");
    }

    options finish() override
    {
        options_.config.group = destination_.finish();
        for (auto const& each : sources_)
            options_.config.sources.push_back(*read_address(each));
        options_.config.interfaces = interfaces_.finish();
        options_.common = common_.finish(app_);
        metrics_.finish(app_, metrics::receive_variables, options_.metrics, options_.stats);
        check(options_.config);
        return options_;
    }

private:
    destination_group destination_;
    std::vector<std::string> sources_;
    interface_group interfaces_;
    metrics_group metrics_;
    common_group common_;
    recv_options options_;
};

} // namespace

std::unique_ptr<command> add_recv(CLI::App& root)
{
    return std::make_unique<recv_command>(root);
}

} // namespace rollcast::cli
