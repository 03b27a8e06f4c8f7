// SPDX-License-Identifier: BSL-1.0
#include "cli/check.hpp"

#include "cli/problem.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/net/group.hpp>

#include <charconv>
#include <cmath>
#include <concepts>

namespace rollcast::cli {
namespace {

bool is_about_interface(error_code const& ec)
{
    return ec == error::unknown_interface || ec == error::ambiguous_interface ||
           ec == error::interface_address_mismatch || ec == error::interface_family_mismatch;
}

bool is_about_source(error_code const& ec)
{
    return ec == error::source_family_mismatch || ec == error::invalid_source ||
           ec == error::group_not_source_specific || ec == error::source_not_local;
}

/// The option whose value breaks the rule, to stand before what the library says of it.
std::string option(subscription_config const& config, error_code const& ec)
{
    if (is_about_interface(ec) && !config.interfaces.empty())
        return "--interface ";
    if (is_about_source(ec))
        return "--source ";
    if (ec != error::duplicate_entry)
        return {};
    auto part = config;
    part.interfaces.clear();
    return validate(part) == ec ? "--source " : "--interface ";
}

std::string option(publication_config const& config, error_code const& ec)
{
    if (is_about_interface(ec) && !config.interface.is_unspecified())
        return "--interface ";
    bool const by_source = is_about_interface(ec) && config.source;
    return by_source || is_about_source(ec) || ec == error::source_interface_mismatch ? "--source "
                                                                                      : "";
}

std::string option(chart_config const&, error_code const& ec)
{
    if (is_about_interface(ec))
        return "--interface ";
    if (ec == error::not_loopback)
        return "--local with --interface ";
    if (ec == error::data_too_large)
        return "--data ";
    if (ec == error::too_many_ports || ec == error::duplicate_port_name)
        return "--port ";
    if (ec == error::too_many_backup_ports)
        return "--backup-port ";
    if (ec == error::invalid_unicast_port)
        return "--unicast-port ";
    return ec == error::not_multicast || ec == error::source_required ? "--group " : "";
}

/// What names the missing value on the command line.
std::string missing_option(error_code const& ec)
{
    if (ec == error::interface_required || ec == error::no_multicast_route)
        return " with --interface";
    if (ec == error::group_not_source_specific)
        return " with --allow-any-source-range";
    return ec == error::source_required ? " with --source" : "";
}

void refuse(std::string const& why)
{
    throw problem(wrong_usage, why);
}

template <class Config>
void check_config(Config const& config)
{
    auto const ec = validate(config);
    bool const of_a_chart = std::same_as<Config, chart_config>;
    if (ec)
        refuse(option(config, ec) + rollcast::explain(config, ec) +
               (of_a_chart ? "" : missing_option(ec)));
}

template <class Number>
std::optional<Number> parse(std::string_view text)
{
    Number number{};
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (ec != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

} // namespace

std::optional<std::uint64_t> read_number(std::string_view text)
{
    return parse<std::uint64_t>(text);
}

std::optional<double> read_decimal(std::string_view text)
{
    auto const number = parse<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<asio::ip::address> read_address(std::string_view text)
{
    auto const address = net::parse_address(text);
    return address ? std::optional(*address) : std::nullopt;
}

void check(subscription_config const& config)
{
    check_config(config);
    // The library takes the only link there is; a command had better mean the same everywhere.
    bool const unnamed = config.interfaces.empty() && config.group.address.is_v6() &&
                         config.group.address.to_v6().scope_id() == 0;
    if (unnamed && net::needs_interface(config.group.address))
        refuse(rollcast::explain(config, error::interface_required) +
               missing_option(error::interface_required));
}

void check(publication_config const& config)
{
    check_config(config);
}

void check(chart_config const& config)
{
    check_config(config);
}

} // namespace rollcast::cli
