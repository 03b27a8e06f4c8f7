// SPDX-License-Identifier: BSL-1.0
#include "cli/validators.hpp"

#include "cli/check.hpp"

#include <rollcast/chart/instance.hpp>
#include <rollcast/net/endpoint.hpp>

#include <fmt/format.h>

namespace rollcast::cli {

CLI::Validator whole(std::uint64_t least, std::uint64_t most, std::string const& noun)
{
    return CLI::Validator(
        [=](std::string& text) {
            auto const number = read_number(text);
            if (number && *number >= least && *number <= most) {
                text = std::to_string(*number); // a leading zero would make it octal
                return std::string();
            }
            return fmt::format("{} is not {}; use {} to {}", text, noun, least, most);
        },
        "");
}

CLI::Validator decimal(double least, double most, std::string const& noun)
{
    return CLI::Validator(
        [=](std::string const& text) {
            auto const number = read_decimal(text);
            if (number && *number >= least && *number <= most)
                return std::string();
            return fmt::format("{} is not {}; use {} to {}", text, noun, least, most);
        },
        "");
}

CLI::Validator address()
{
    return CLI::Validator(
        [](std::string const& text) {
            auto const address = net::parse_address(text);
            if (address)
                return std::string();
            return address.error() == error::unknown_interface
                       ? address.error().message()
                       : fmt::format("{} is not an IP address", text);
        },
        "");
}

CLI::Validator port()
{
    return whole(1, 65535, "a port");
}

std::optional<net::port_range> read_port_range(std::string const& text)
{
    auto const dash = text.find('-');
    auto const first = read_number(text.substr(0, dash));
    auto const last = dash == std::string::npos ? first : read_number(text.substr(dash + 1));
    if (!first || !last || *first < 1 || *last < *first || *last > 65535)
        return std::nullopt;
    return net::port_range(static_cast<net::port_type>(*first), static_cast<net::port_type>(*last));
}

CLI::Validator port_range()
{
    return CLI::Validator(
        [](std::string const& text) {
            return read_port_range(text)
                       ? std::string()
                       : fmt::format("{} is no port or range of ports; use 1 to 65535, or two with "
                                     "a dash, such as 40000-40015",
                                     text);
        },
        "");
}

CLI::Validator named_port()
{
    return CLI::Validator(
        [number = port()](std::string& text) {
            auto const sign = text.rfind('=');
            if (sign == std::string::npos) {
                auto const wrong = number(text);
                return wrong.empty() ? wrong : wrong + ", or NAME=P for one with a name";
            }
            auto const name = text.substr(0, sign);
            if (!is_port_name(name))
                return fmt::format("\"{}\" is {}", name,
                                   error_code(error::invalid_port_name).message());
            auto digits = text.substr(sign + 1);
            if (digits.empty())
                return fmt::format("{} has no number; write {}8042, or any of 1 to 65535", text,
                                   text);
            auto wrong = number(digits);
            bool const swapped = read_number(name) && !read_number(digits) && is_port_name(digits);
            if (swapped)
                return fmt::format(
                    "{} is the wrong way round; write {}={}, with a port of 1 to 65535", text,
                    digits, name);
            text = name + '=' + digits;
            return wrong;
        },
        "");
}

void add_port(chart_config& config, std::string const& text)
{
    auto const sign = text.rfind('=');
    auto const digits = sign == std::string::npos ? text : text.substr(sign + 1);
    auto const port = static_cast<net::port_type>(*read_number(digits));
    if (sign == std::string::npos)
        config.service_ports.push_back(port);
    else
        config.services.push_back({text.substr(0, sign), port});
}

CLI::Validator interface()
{
    return CLI::Validator(
        [](std::string const& text) {
            return text.empty() ? std::string("empty; name an interface or leave the option out")
                                : std::string();
        },
        "");
}

} // namespace rollcast::cli
