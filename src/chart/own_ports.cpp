// SPDX-License-Identifier: BSL-1.0
#include "chart/own_ports.hpp"

#include "announce/codec.hpp"
#include "error/explanation.hpp"

#include <algorithm>

namespace rollcast {

bool is_port_name(std::string_view text) noexcept
{
    return announce::is_port_name(text);
}

} // namespace rollcast

namespace rollcast::detail {

std::vector<net::port_type> service_ports_of(chart_config const& config)
{
    auto ports = config.service_ports;
    for (auto const& each : config.services)
        ports.push_back(each.port);
    return ports;
}

std::vector<std::string> port_names_of(chart_config const& config)
{
    std::vector<std::string> names;
    for (auto const& each : config.services)
        names.push_back(each.name);
    return names;
}

std::string offending_port_name(chart_config const& config, error_code const& ec)
{
    auto const is_wrong = [&](service const& which) {
        if (ec == error::invalid_port_name)
            return !announce::is_port_name(which.name);
        return ec == error::duplicate_port_name &&
               std::ranges::count(config.services, which.name, &service::name) > 1;
    };
    auto const found = std::ranges::find_if(config.services, is_wrong);
    return found == config.services.end() ? std::string() : abridged(found->name);
}

} // namespace rollcast::detail
