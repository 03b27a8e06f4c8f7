// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/publication_config.hpp>

#include "send/egress.hpp"

namespace rollcast {
namespace {

error_code validate_source(publication_config const& config)
{
    if (!config.source)
        return {};
    auto const& source = *config.source;
    if (source.is_v4() != config.group.address.is_v4())
        return error::source_family_mismatch;
    bool const broadcast = source.is_v4() && source.to_v4() == asio::ip::address_v4::broadcast();
    if (source.is_multicast() || source.is_unspecified() || broadcast)
        return error::invalid_source;
    return {};
}

} // namespace

publication_config& publication_config::bind(asio::ip::udp::endpoint const& endpoint)
{
    auto const address = endpoint.address();
    source_port = endpoint.port();
    source.reset();
    if (!address.is_unspecified())
        source = address;
    return *this;
}

error_code validate(publication_config const& config)
{
    if (!config.group.is_multicast())
        return error::not_multicast;
    if (config.group.port == 0)
        return error::invalid_port;
    if (auto const ec = validate_source(config))
        return ec;
    if (config.hop_limit < 0 || config.hop_limit > 255)
        return error::invalid_hop_limit;
    if (config.dscp < 0 || config.dscp > 63)
        return error::invalid_dscp;
    if (config.priority && *config.priority < 0)
        return error::invalid_priority;
    auto const egress = send::resolve_egress(config);
    return egress ? error_code{} : egress.error();
}

} // namespace rollcast
