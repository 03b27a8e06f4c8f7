// SPDX-License-Identifier: BSL-1.0
#include <rollcast/net/endpoint.hpp>

#include "error/explanation.hpp"
#include "error/readable.hpp"

#include <rollcast/net/network_interface.hpp>

#include <charconv>
#include <optional>

namespace rollcast::net {
namespace {

std::optional<net::port_type> parse_port(std::string_view text)
{
    net::port_type port = 0;
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return port;
}

bool is_decimal(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_v6(std::string_view text)
{
    auto const address = parse_address(text);
    return address && address->is_v6();
}

explained_error wrong(std::string_view text, std::string const& why)
{
    return {error::malformed, (text.empty() ? "empty text" : detail::readable(text)) + ": " + why};
}

std::string with_port(std::string_view host, std::string_view port)
{
    auto const plain = std::string(host) + ':' + std::string(port);
    return is_v6(host) ? '[' + std::string(host) + "]:" + std::string(port) : plain;
}

/// In an IPv6 address without brackets the end could be a port or not.
std::string why_unbracketed(std::string_view text, std::string_view host, std::string_view port)
{
    auto const whole = with_port(text, "5000");
    auto const wrong = std::string("an IPv6 address with a port needs brackets; write ");
    if (!is_v6(host) || !parse_port(port))
        return wrong + whole;
    if (!is_v6(text))
        return wrong + with_port(host, port);
    return wrong + with_port(host, port) + ", or " + whole + " where all of it is the address";
}

/// What is missing, and the form that would be right, as close to the text as can be.
std::string why_no_endpoint(std::string_view text)
{
    std::string const any_form = "write address and port, such as 239.1.1.1:5000 or [ff15::1]:5000";
    auto const colon = text.rfind(':');
    bool const bracketed = text.starts_with('[');
    auto const closing = text.find(']');
    if (bracketed && closing == std::string_view::npos)
        return "the bracket is not closed; " + any_form;
    auto const host = bracketed ? text.substr(1, closing - 1) : text.substr(0, colon);
    if (!parse_address(bracketed || !is_v6(text) ? host : text))
        return "not an IP address; " + any_form;
    if (!bracketed && is_v6(text))
        return why_unbracketed(text, host, text.substr(colon + 1));
    if (bracketed && !is_v6(host))
        return "only IPv6 addresses have brackets; write " + with_port(host, "5000");
    auto const begin = bracketed ? closing + 1 : host.size();
    if (begin + 1 >= text.size())
        return "there is no port; write " + with_port(host, "5000");
    auto const port = text.substr(begin + 1);
    if (bracketed && text[begin] != ':')
        return "a colon goes between address and port; write " + with_port(host, "5000");
    if (!parse_port(port))
        return (is_decimal(port) ? detail::readable(port) + " is no port"
                                 : detail::abridged(port) + " is no number") +
               "; use 1 to 65535, as in " + with_port(host, "5000");
    return why_unbracketed(text, host, port);
}

std::string why_no_address(std::string_view text)
{
    if (text.find('%') != std::string_view::npos)
        return "only an IPv6 address has an interface behind a percent sign; write fe80::1%eth0";
    return "not an IP address; write one such as 239.1.1.1 or ff15::1";
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

explained_result<asio::ip::address> parse_address(std::string_view text)
{
    // Asio would take an unknown scope id for none, so the two parts are read apart.
    auto const percent = text.find('%');
    error_code ec;
    auto const address = asio::ip::make_address(text.substr(0, percent), ec);
    if (!ec && percent == std::string_view::npos)
        return address;
    auto const zone = percent == std::string_view::npos ? "" : text.substr(percent + 1);
    if (ec || zone.empty() || address.is_v4())
        return wrong(text, why_no_address(text));
    auto const interface = resolve(network_interface(zone));
    if (!interface)
        return explained_error(interface.error(),
                               detail::readable(text) + ": " + interface.error().message());
    auto scoped = address.to_v6();
    scoped.scope_id(interface->index);
    return scoped;
}

explained_result<asio::ip::udp::endpoint> parse_endpoint(std::string_view text)
{
    auto const colon = text.rfind(':');
    if (colon == std::string_view::npos)
        return wrong(text, why_no_endpoint(text));
    auto host = text.substr(0, colon);
    bool const bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    auto const address = parse_address(host);
    if (!address && address.error() != error::malformed)
        return address.error();
    auto const port = parse_port(text.substr(colon + 1));
    if (!address || !port || address->is_v6() != bracketed)
        return wrong(text, why_no_endpoint(text));
    return asio::ip::udp::endpoint(*address, *port);
}

} // namespace rollcast::net
