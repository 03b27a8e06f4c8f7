// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/endpoint.hpp>

#include <rollcast/net/network_interface.hpp>

#include <charconv>

namespace rollcast::net {
namespace {

result<net::port_type> parse_port(std::string_view text)
{
    net::port_type port = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (ec != std::errc{} || end != text.data() + text.size())
        return error::malformed;
    return port;
}

} // namespace

std::string to_string(asio::ip::address const& address, net::port_type port)
{
    auto const host = address.to_string();
    return (address.is_v6() ? "[" + host + "]:" : host + ":") + std::to_string(port);
}

std::string to_string(asio::ip::udp::endpoint const& endpoint)
{
    return to_string(endpoint.address(), endpoint.port());
}

result<asio::ip::address> parse_address(std::string_view text)
{
    // Asio would take an unknown scope id for none, so the two parts are read apart.
    auto const percent = text.find('%');
    error_code ec;
    auto const address = asio::ip::make_address(text.substr(0, percent), ec);
    if (ec)
        return error::malformed;
    if (percent == std::string_view::npos)
        return address;
    auto const zone = text.substr(percent + 1);
    if (zone.empty() || address.is_v4())
        return error::malformed;
    auto const interface = resolve(network_interface(zone));
    if (!interface)
        return interface.error();
    auto scoped = address.to_v6();
    scoped.scope_id(interface->index);
    return scoped;
}

result<asio::ip::udp::endpoint> parse_endpoint(std::string_view text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return error::malformed;
    auto host = text.substr(0, colon);
    bool const bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    auto const address = parse_address(host);
    if (!address)
        return address.error();
    auto const port = parse_port(text.substr(colon + 1));
    if (!port || address->is_v6() != bracketed)
        return error::malformed;
    return asio::ip::udp::endpoint(*address, *port);
}

} // namespace rollcast::net
