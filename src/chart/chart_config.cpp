// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart/chart_config.hpp>

#include <rollcast/announce/codec.hpp>
#include <rollcast/net/group.hpp>

#include <algorithm>

namespace rollcast {
namespace {

using namespace std::chrono_literals;

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

error_code validate_interfaces(chart_config const& config)
{
    if (config.interfaces.empty())
        return {};
    auto const all = net::list_interfaces();
    if (!all)
        return all.error();
    for (auto const& which : config.interfaces) {
        auto const found = net::resolve(which, *all);
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
    bool const zero_port = std::ranges::find(config.service_ports, 0) != config.service_ports.end();
    if (config.discovery_port == 0 || zero_port)
        return error::invalid_port;
    if (config.service_ports.size() > announce::max_service_ports)
        return error::too_many_ports;
    if (config.data.size() > announce::max_data_size(config.service_ports.size()))
        return error::data_too_large;
    if (config.detection_time < 1s || config.detection_time > 1h)
        return error::invalid_detection_time;
    if (config.hop_limit < 0 || config.hop_limit > 255)
        return error::invalid_hop_limit;
    return validate_interfaces(config);
}

} // namespace rollcast
