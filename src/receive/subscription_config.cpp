// SPDX-License-Identifier: BSL-1.0
#include <rollcast/receive/subscription_config.hpp>

#include "receive/interface_choice.hpp"
#include "receive/source_rules.hpp"

namespace rollcast {
namespace {

constexpr auto longest_busy_poll = std::chrono::minutes(30); // microseconds in an int

/// Only named interfaces are looked up; the routing table is asked when joining.
error_code validate_interfaces(subscription_config const& config)
{
    auto const named = receive::named_interfaces(config);
    return named ? error_code{} : named.error();
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
    if (auto const ec = receive::validate_sources(config))
        return ec;
    if (config.busy_poll.count() < 0 || config.busy_poll > longest_busy_poll)
        return error::invalid_busy_poll;
    return validate_interfaces(config);
}

} // namespace rollcast
