// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_place.hpp"

#include "cli/validators.hpp"

#include <chrono>

namespace rollcast::cli {

void chart_place::add_to(CLI::App& app, chart_config& config)
{
    groups_.add_to(app, "Group to meet in, once per IP version");
    add_discovery_port(app, config.discovery_port, "Port to meet on, 8080");
    app.add_option("--backup-port", config.backup_ports,
                   "Where to meet if that port is taken, 61345 and 61346; may be repeated")
        ->transform(port())
        ->type_name("P")
        ->allow_extra_args(false);
    app.add_option("--unicast-port", unicast_port_,
                   "Port, or range P-Q, that all is sent from and answers come to; any by default")
        ->check(port_range())
        ->type_name("P|P-Q");
    app.add_option("--name", config.name, "Only instances of this name see each other")
        ->type_name("NAME");
    interfaces_.add_to(app, interface_group::of_many);
    excluded_.add_to(app, "Interface not to use, in the same forms", "--exclude");
    app.add_flag("--wait", config.wait_for_interface, "Without any interface, wait for one");
    app.add_flag("--local", config.local_discovery, "This machine only");
    app.add_option("--detection-time", detection_time_, "A crash is noticed within, 10")
        ->check(decimal(1, 3600, "a detection time in seconds"))
        ->type_name("S");
}

void chart_place::finish(chart_config& config) const
{
    groups_.finish(config);
    config.unicast_port = read_port_range(unicast_port_).value_or(net::port_range());
    config.interfaces = interfaces_.finish();
    config.excluded_interfaces = excluded_.finish();
    config.detection_time =
        std::chrono::duration_cast<std::chrono::milliseconds>(seconds(detection_time_));
}

} // namespace rollcast::cli
