// SPDX-License-Identifier: BSL-1.0
#include "announce/codec.hpp"
#include "chart/own_ports.hpp"
#include "error/explanation.hpp"
#include "error/readable.hpp"
#include "net/explanation.hpp"

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/net.hpp>
#include <rollcast/net/group.hpp>

#include <boost/asio/error.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace rollcast {
namespace {

std::string explain_groups(chart_config const& config, error_code const& ec)
{
    if (!config.group_v4 && !config.group_v6)
        return "group_v4 and group_v6 are both off; give one of them a multicast group, such as " +
               default_group_v4().to_string();
    auto const is_wrong = [&](asio::ip::address const& group) {
        return ec == error::not_multicast ? !group.is_multicast() : net::is_source_specific(group);
    };
    bool const v4 = config.group_v4 && is_wrong(*config.group_v4);
    auto const group = v4 || !config.group_v6
                           ? config.group_v4.value_or(asio::ip::address_v4()).to_string()
                           : config.group_v6->to_string();
    if (ec == error::source_required)
        return group + ": a chart has no single source; choose a group outside 232.0.0.0/8 and "
                       "ff3x::/32";
    return detail::explanation(group, ec);
}

std::size_t number_of_ports(chart_config const& config)
{
    return config.service_ports.size() + config.services.size();
}

/// Which of the ports is 0.
std::string explain_port(chart_config const& config, error_code const& ec)
{
    auto const where = [](char const* name, auto const& ports) {
        return fmt::format("{}[{}]: 0", name, std::ranges::find(ports, 0) - ports.begin());
    };
    if (config.discovery_port == 0)
        return detail::explanation("discovery_port: 0", ec);
    auto const unusable = std::ranges::find(config.services, 0, &service::port);
    if (unusable != config.services.end())
        return detail::explanation(fmt::format("services: {}=0", detail::readable(unusable->name)),
                                   ec);
    bool const unnamed = std::ranges::find(config.service_ports, 0) != config.service_ports.end();
    return detail::explanation(unnamed ? where("service_ports", config.service_ports)
                                       : where("backup_ports", config.backup_ports),
                               ec);
}

std::string explain_data(chart_config const& config)
{
    auto const ports = number_of_ports(config);
    return fmt::format("{} of data do not fit into one record; it has room for {} beside {}",
                       detail::counted(config.data.size(), "byte", "bytes"), max_data_size(config),
                       detail::counted(ports, "port", "ports"));
}

/// There may be too many service ports, or too little room for their names.
std::string explain_too_many(chart_config const& config, error_code const& ec)
{
    auto const number = number_of_ports(config);
    auto const ports = detail::counted(number, "service port", "service ports");
    if (number > announce::max_service_ports)
        return detail::explanation(ports, ec);
    std::size_t size = 0;
    for (auto const& each : config.services)
        size += each.name.size();
    std::vector<std::string> const nameless(config.services.size());
    return detail::explanation(
        fmt::format("{} with {} of names", ports, detail::counted(size, "byte", "bytes")), ec,
        fmt::format("there is room for {}", announce::max_data_size(number, nameless)));
}

std::string explain_interface(chart_config const& config, error_code const& ec)
{
    for (auto const& each : config.interfaces) {
        auto const found = net::resolve(each);
        if (!found && found.error() == ec && !each.is_pattern())
            return found.error().message();
        if (found && ec == error::not_loopback && !found->loopback)
            return detail::explanation(to_string(each), ec);
    }
    return detail::explanation({}, ec, net::existing());
}

/// Every port a chart may meet on, and the programs that have the taken ones.
std::string explain_taken(chart_config const& config, error_code const& ec)
{
    auto ports = config.backup_ports;
    ports.insert(ports.begin(), config.discovery_port);
    std::vector<std::string> owners;
    for (auto const port : ports)
        if (auto const text = net::owners(port); !text.empty())
            owners.push_back(text);
    return detail::explanation(
        fmt::format("port{} {}", ports.size() == 1 ? "" : "s", fmt::join(ports, ", ")), ec,
        detail::joined(owners));
}

/// About a number that is out of range, or too many of something; empty for other errors.
std::string subject(chart_config const& config, error_code const& ec)
{
    if (ec == error::invalid_detection_time)
        return fmt::format("{} ms", config.detection_time.count());
    if (ec == error::invalid_digest_interval)
        return fmt::format("{} ms and {} ms", config.shortest_digest_interval.count(),
                           config.longest_digest_interval.count());
    if (ec == error::invalid_hop_limit)
        return std::to_string(config.hop_limit);
    if (ec == error::too_many_backup_ports)
        return detail::counted(config.backup_ports.size(), "backup port", "backup ports");
    if (ec == error::invalid_unicast_port)
        return fmt::format("{}-{}", config.unicast_port.first, config.unicast_port.last);
    if (ec == error::unicast_ports_taken)
        return to_string(config.unicast_port);
    return detail::offending_port_name(config, ec);
}

/// @param facts  What is the case instead; none if empty.
std::string explain_obstacle(interface_obstacle const& value, std::string const& facts)
{
    auto const& given = value.interface.name;
    auto const name = given.empty() ? "\"\"" : detail::readable(given);
    auto const where = value.group.is_unspecified() ? name : name + ": " + value.group.to_string();
    if (value.why == error::interface_is_down)
        return where + ": the interface is down; bring it up: ip link set " + name + " up";
    return detail::explanation(where, value.why, facts);
}

} // namespace

std::string explain(chart_config const& config, error_code const& ec)
{
    if (ec == error::not_multicast || ec == error::source_required)
        return explain_groups(config, ec);
    if (ec == error::invalid_port)
        return explain_port(config, ec);
    if (ec == error::data_too_large)
        return explain_data(config);
    if (ec == error::too_many_ports)
        return explain_too_many(config, ec);
    if (net::is_about_interface(ec) || ec == error::not_loopback)
        return explain_interface(config, ec);
    if (ec == asio::error::address_in_use)
        return explain_taken(config, ec);
    return detail::explanation(subject(config, ec), ec);
}

std::string to_string(interface_obstacle const& value)
{
    return explain_obstacle(value, {});
}

std::string explain(chart_config const& config, error_code const& ec,
                    std::span<interface_obstacle const> obstacles)
{
    // Where the first error of an interface stands for all of them, each is told once.
    bool const stands_for_one =
        std::ranges::find(obstacles, ec, &interface_obstacle::why) != obstacles.end();
    std::vector<std::string> all;
    if (!stands_for_one || ec == asio::error::address_in_use)
        all.push_back(explain(config, ec));
    if (ec != asio::error::address_in_use)
        for (auto const& each : obstacles)
            all.push_back(explain_obstacle(
                each, each.why == error::unknown_interface ? net::existing() : std::string()));
    return fmt::format("{}", fmt::join(all, "; "));
}

} // namespace rollcast
