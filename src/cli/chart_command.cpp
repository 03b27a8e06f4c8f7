// SPDX-License-Identifier: BSL-1.0
#include "cli/command.hpp"
#include "cli/option_groups.hpp"
#include "cli/validators.hpp"

#include <fmt/format.h>

namespace rollcast::cli {
namespace {

class chart_command final : public command {
public:
    explicit chart_command(CLI::App& root)
        : command(root, "chart", "Show who else is on this network")
    {
        auto& config = options_.config;
        app_.add_option("--id", config.id, "Our id; random by default")
            ->transform(whole(0, UINT64_MAX, "an id"))
            ->type_name("N");
        app_.add_option("--port", ports_, "Port we serve on, or NAME=P; may be repeated")
            ->transform(named_port())
            ->type_name("P")
            ->allow_extra_args(false);
        app_.add_option("--data", data_, "What to tell the others; - takes lines of input")
            ->type_name("TEXT");
        groups_.add_to(app_, "Group to meet in, once per IP version");
        add_discovery_port(app_, config.discovery_port, "Port to meet on, 8080");
        app_.add_option("--backup-port", config.backup_ports,
                        "Where to meet if that port is taken, 61345 and 61346; may be repeated")
            ->transform(port())
            ->type_name("P")
            ->allow_extra_args(false);
        app_.add_option("--name", config.name, "Only instances of this name see each other")
            ->type_name("NAME");
        interfaces_.add_to(app_, interface_group::of_many);
        excluded_.add_to(app_, "Interface not to use, in the same forms", "--exclude");
        app_.add_flag("--wait", config.wait_for_interface, "Without any interface, wait for one");
        app_.add_flag("--local", config.local_discovery, "This machine only");
        app_.add_option("--detection-time", detection_time_, "A crash is noticed within, 10")
            ->check(decimal(1, 3600, "a detection time in seconds"))
            ->type_name("S");
        app_.add_flag("--sniff", options_.sniff, "Listen only, send nothing");
        app_.add_option("--until", options_.until, "End when so many are found, us included")
            ->transform(whole(1, UINT64_MAX, "a number of instances"))
            ->type_name("N");
        app_.add_flag("--plain", options_.plain, "Lines instead of a table on a terminal");
        common_.add_to(app_);
        app_.footer(
            "On a terminal it is a table, until q: AGE is the time since we heard an instance\n"
            "ourselves, SINCE when it came into its STATE.\n"
            "\n"
            "Examples:\n"
            "  rollcast chart --port 8042 --data v1.2\n"
            "  rollcast chart --local --id 7 --until 3 --timeout 10\n"
            "  rollcast chart --sniff --json");
    }

    options finish() override
    {
        auto& config = options_.config;
        groups_.finish(config);
        for (auto const& each : ports_)
            add_port(config, each);
        config.interfaces = interfaces_.finish();
        config.excluded_interfaces = excluded_.finish();
        config.detection_time =
            std::chrono::duration_cast<std::chrono::milliseconds>(seconds(detection_time_));
        options_.data_from_input = data_ == "-";
        if (data_ && !options_.data_from_input) {
            auto const bytes = std::as_bytes(std::span(*data_));
            config.data.assign(bytes.begin(), bytes.end());
        }
        options_.common = common_.finish(app_);
        check_contradictions();
        check(config);
        return options_;
    }

private:
    void check_contradictions() const
    {
        for (auto const* each : {"--data", "--port"})
            if (options_.sniff && app_.count(each) != 0)
                throw problem(wrong_usage, "--sniff",
                              fmt::format("sends nothing, so nobody would learn of {}", each));
        if (options_.plain && options_.common.json)
            throw problem(wrong_usage, "--plain", "lines for people, and --json asks for others");
    }

    std::vector<std::string> ports_;
    std::optional<std::string> data_;
    double detection_time_ = 10;
    meeting_groups groups_;
    interface_group interfaces_;
    interface_group excluded_;
    common_group common_;
    chart_options options_;
};

} // namespace

std::unique_ptr<command> add_chart(CLI::App& root)
{
    return std::make_unique<chart_command>(root);
}

} // namespace rollcast::cli
