// SPDX-License-Identifier: BSL-1.0
#include "receive/source_rules.hpp"

#include <algorithm>

namespace rollcast::receive {
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

} // namespace

error_code validate_sources(subscription_config const& config)
{
    bool const ssm = config.group.is_source_specific();
    if (ssm && config.sources.empty())
        return error::source_required;
    if (!ssm && !config.sources.empty() && !config.allow_any_source_range)
        return error::group_not_source_specific;
    if (!config.sources.empty() && !config.blocked.empty())
        return error::not_any_source;
    if (auto const ec = validate_hosts(config.sources, config.group))
        return ec;
    return validate_hosts(config.blocked, config.group);
}

} // namespace rollcast::receive
