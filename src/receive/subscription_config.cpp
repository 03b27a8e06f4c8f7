// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/subscription_config.hpp>

#include "receive/membership.hpp"

#include <algorithm>

namespace rollcast {
namespace {

bool names_one_host(asio::ip::address const& address) noexcept
{
    if (address.is_v4() && address.to_v4() == asio::ip::address_v4::broadcast())
        return false;
    return !address.is_multicast() && !address.is_unspecified();
}

bool has_duplicates(std::vector<asio::ip::address> sources)
{
    std::ranges::sort(sources);
    return std::ranges::adjacent_find(sources) != sources.end();
}

error_code validate_hosts(std::vector<asio::ip::address> const& hosts, net::group const& group)
{
    for (auto const& host : hosts) {
        if (host.is_v4() != group.address.is_v4())
            return error::source_family_mismatch;
        if (!names_one_host(host))
            return error::invalid_source;
    }
    return has_duplicates(hosts) ? error_code(error::duplicate_entry) : error_code{};
}

error_code validate_sources(subscription_config const& config)
{
    bool const ssm = config.group.is_source_specific();
    if (ssm && config.sources.empty())
        return error::source_required;
    if (!ssm && !config.sources.empty())
        return error::group_not_source_specific;
    if (ssm && !config.blocked.empty())
        return error::not_any_source;
    if (auto const ec = validate_hosts(config.sources, config.group))
        return ec;
    return validate_hosts(config.blocked, config.group);
}

/// Only what was named is looked up; the routing table is asked when joining.
error_code validate_interfaces(subscription_config const& config)
{
    auto const named = receive::named_interfaces(config);
    if (!named)
        return named.error();
    if (named->empty() && net::needs_interface(config.group.address))
        return error::interface_required;
    return {};
}

} // namespace

subscription_config subscription_config::any_source(net::group group)
{
    subscription_config config;
    config.group = group;
    return config;
}

subscription_config subscription_config::source_specific(net::group group, asio::ip::address source)
{
    auto config = any_source(group);
    config.sources.push_back(source);
    return config;
}

error_code validate(subscription_config const& config)
{
    if (!config.group.is_multicast())
        return error::not_multicast;
    if (config.group.port == 0)
        return error::invalid_port;
    if (auto const ec = validate_sources(config))
        return ec;
    return validate_interfaces(config);
}

} // namespace rollcast
