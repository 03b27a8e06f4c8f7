// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/group.hpp>

#include "error/explanation.hpp"

#include <rollcast/net/endpoint.hpp>

namespace rollcast::net {
namespace {

explained_error explained(std::string const& subject, error_code const& ec)
{
    return {ec, detail::explanation(subject, ec)};
}

} // namespace

bool is_source_specific(asio::ip::address const& address) noexcept
{
    if (address.is_v4())
        return address.to_v4().to_bytes()[0] == 232;
    auto const bytes = address.to_v6().to_bytes();
    return bytes[0] == 0xff && (bytes[1] & 0xf0) == 0x30 && bytes[2] == 0 && bytes[3] == 0;
}

group::group(asio::ip::address group_address, net::port_type group_port) noexcept
    : address(group_address), port(group_port)
{
}

group::group(asio::ip::udp::endpoint const& endpoint) : group(endpoint.address(), endpoint.port())
{
}

explained_result<group> group::parse(std::string_view text)
{
    auto const endpoint = parse_endpoint(text);
    if (!endpoint)
        return endpoint.error();
    if (!endpoint->address().is_multicast())
        return explained(endpoint->address().to_string(), error::not_multicast);
    if (endpoint->port() == 0)
        return explained(std::string(text), error::invalid_port);
    return group(*endpoint);
}

asio::ip::udp group::protocol() const noexcept
{
    return address.is_v4() ? asio::ip::udp::v4() : asio::ip::udp::v6();
}

std::string to_string(group const& value)
{
    return to_string(value.address, value.port);
}

} // namespace rollcast::net
