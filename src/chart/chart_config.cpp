// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart/chart_config.hpp>

#include "announce/codec.hpp"
#include "chart/own_ports.hpp"

#include <rollcast/net/group.hpp>

#include <algorithm>

namespace rollcast {
namespace {

using namespace std::chrono_literals;

/// A newcomer that no instance answers says hello on all backup ports.
constexpr std::size_t max_backup_ports = 8;

error_code validate_groups(chart_config const& config)
{
    bool const v4_ok = !config.group_v4 || config.group_v4->is_multicast();
    bool const v6_ok = !config.group_v6 || config.group_v6->is_multicast();
    if (!v4_ok || !v6_ok || (!config.group_v4 && !config.group_v6))
        return error::not_multicast;
    // The members of a chart are not known beforehand, so there is no source to name.
    bool const ssm = (config.group_v4 && net::is_source_specific(*config.group_v4)) ||
                     (config.group_v6 && net::is_source_specific(*config.group_v6));
    return ssm ? error_code(error::source_required) : error_code{};
}

error_code validate_ports(chart_config const& config)
{
    auto const has_zero = [](auto const& ports) {
        return std::ranges::find(ports, 0) != ports.end();
    };
    if (config.discovery_port == 0 || has_zero(detail::service_ports_of(config)) ||
        has_zero(config.backup_ports))
        return error::invalid_port;
    return config.backup_ports.size() > max_backup_ports ? error_code(error::too_many_backup_ports)
                                                         : error_code{};
}

error_code validate_unicast_port(chart_config const& config)
{
    auto const& own = config.unicast_port;
    auto const is_own = [&](net::port_type port) { return own.contains(port); };
    bool const shared =
        is_own(config.discovery_port) || std::ranges::any_of(config.backup_ports, is_own);
    return own.is_valid() && !shared ? error_code{} : error_code(error::invalid_unicast_port);
}

/// Whether all that is told of this instance fits into one record.
error_code validate_record(chart_config const& config)
{
    record own;
    own.service_ports = detail::service_ports_of(config);
    own.port_names = detail::port_names_of(config);
    own.data = config.data;
    auto const packed = announce::pack(own);
    return packed ? error_code{} : packed.error();
}

error_code validate_interfaces(chart_config const& config)
{
    if (config.interfaces.empty())
        return {};
    auto const all = net::list_interfaces();
    if (!all)
        return all.error();
    for (auto const& which : config.interfaces) {
        if (which.is_pattern())
            continue; // what it stands for may come later
        auto const found = net::resolve(which, *all);
        bool const unknown = !found && found.error() == error::unknown_interface;
        if (unknown && config.wait_for_interface)
            continue;
        if (!found)
            return found.error();
        if (config.local_discovery && !found->loopback)
            return error::not_loopback;
    }
    return {};
}

} // namespace

asio::ip::address_v4 default_group_v4() noexcept
{
    return asio::ip::address_v4({239, 255, 42, 98});
}

asio::ip::address_v6 default_group_v6() noexcept
{
    return asio::ip::address_v6({0xff, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x42, 0x98});
}

error_code validate(chart_config const& config)
{
    if (auto const ec = validate_groups(config))
        return ec;
    if (auto const ec = validate_ports(config))
        return ec;
    if (auto const ec = validate_unicast_port(config))
        return ec;
    if (auto const ec = validate_record(config))
        return ec;
    if (config.detection_time < 1s || config.detection_time > 1h)
        return error::invalid_detection_time;
    if (config.shortest_digest_interval < 20ms || config.longest_digest_interval > 1h ||
        config.shortest_digest_interval > config.longest_digest_interval)
        return error::invalid_digest_interval;
    if (config.hop_limit < 0 || config.hop_limit > 255)
        return error::invalid_hop_limit;
    return validate_interfaces(config);
}

std::size_t max_data_size(chart_config const& config)
{
    return announce::max_data_size(config.service_ports.size() + config.services.size(),
                                   detail::port_names_of(config));
}

} // namespace rollcast
