// SPDX-License-Identifier: BSL-1.0
#include "cli/command.hpp"
#include "cli/option_groups.hpp"
#include "cli/validators.hpp"

namespace rollcast::cli {
namespace {

class doctor_command final : public command {
public:
    explicit doctor_command(CLI::App& root)
        : command(root, "doctor", "Find out why multicast does not work here")
    {
        interfaces_.add_to(app_, interface_group::of_many);
        groups_.add_to(app_, "Group to try, once per IP version");
        add_discovery_port(app_, options_.discovery_port, "Port to try, 8080");
        app_.add_option("--name", options_.name, "Call for instances of this name")
            ->type_name("NAME");
        app_.add_option("--wait", wait_, "Listen for an IGMP querier for so long; needs root")
            ->check(decimal(0, longest, "a number of seconds"))
            ->type_name("S");
        common_.add_to(app_);
        app_.footer("Examples:\n"
                    "  rollcast doctor\n"
                    "  rollcast doctor --interface eth0 --wait 130\n"
                    "  rollcast doctor --json");
    }

    options finish() override
    {
        groups_.finish(options_);
        options_.interfaces = interfaces_.finish();
        options_.common = common_.finish(app_);
        options_.wait = seconds(wait_);
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

    interface_group interfaces_;
    meeting_groups groups_;
    double wait_ = 0;
    common_group common_;
    doctor_options options_;
};

} // namespace

std::unique_ptr<command> add_doctor(CLI::App& root)
{
    return std::make_unique<doctor_command>(root);
}

} // namespace rollcast::cli
