// SPDX-License-Identifier: BSL-1.0
#include "cli/check.hpp"

#include "cli/problem.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/net/scope.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace rollcast::cli {
namespace {

using interfaces = std::span<net::network_interface const>;

/// The first of these interfaces that does not resolve.
std::string unresolved(interfaces which)
{
    for (auto const& each : which) {
        auto const found = net::resolve(each);
        if (!found && !each.is_pattern())
            return "--interface " + to_string(each);
    }
    return "--interface";
}

/// The interface that breaks the rule, judged alone.
std::string offending_interface(subscription_config config, error_code const& ec)
{
    for (auto const& each : std::exchange(config.interfaces, {})) {
        config.interfaces = {each};
        if (validate(config) == ec)
            return "--interface " + to_string(each);
    }
    return "--interface";
}

/// The source that breaks the rule, judged alone.
std::string offending_source(subscription_config const& config, error_code const& ec)
{
    for (auto const& each : config.sources) {
        auto const alone = subscription_config::source_specific(config.group, each);
        if (validate(alone) == ec)
            return "--source " + each.to_string();
    }
    return "--source";
}

/// The first entry that names what an earlier one named.
std::string repeated(subscription_config const& config)
{
    for (auto const& each : config.sources)
        if (std::ranges::count(config.sources, each) > 1)
            return "--source " + each.to_string();
    auto part = config;
    part.interfaces.clear();
    for (auto const& each : config.interfaces) {
        part.interfaces.push_back(each);
        if (validate(part) == error::duplicate_entry)
            return "--interface " + to_string(each);
    }
    return "--interface";
}

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

std::string subject(subscription_config const& config, error_code const& ec)
{
    if (is_about_interface(ec))
        return offending_interface(config, ec);
    if (ec == error::duplicate_entry)
        return repeated(config);
    if (is_about_source(ec))
        return offending_source(config, ec) + " for " + config.group.address.to_string();
    return config.group.address.to_string();
}

std::string subject(publication_config const& config, error_code const& ec)
{
    if (is_about_interface(ec) && !config.interface.is_unspecified())
        return "--interface " + to_string(config.interface);
    if (ec == error::source_interface_mismatch)
        return fmt::format("--source {} on --interface {}", config.source->to_string(),
                           to_string(config.interface));
    if (is_about_source(ec) || is_about_interface(ec))
        return "--source " + config.source->to_string();
    return config.group.address.to_string();
}

/// The first port whose name an earlier one has, as it was typed.
std::string repeated_name(chart_config const& config)
{
    auto const& all = config.services;
    for (auto each = all.begin(); each != all.end(); ++each)
        if (std::ranges::find(all.begin(), each, each->name, &service::name) != each)
            return fmt::format("{}={}", each->name, each->port);
    return "";
}

std::string subject(chart_config const& config, error_code const& ec)
{
    if (ec == error::not_loopback)
        return "--local with --interface";
    if (is_about_interface(ec))
        return unresolved(config.interfaces);
    if (ec == error::data_too_large)
        return fmt::format("--data of {} bytes", config.data.size());
    if (ec == error::too_many_ports)
        return fmt::format("{} times --port", config.service_ports.size() + config.services.size());
    if (ec == error::duplicate_port_name)
        return "--port " + repeated_name(config);
    if (ec == error::too_many_backup_ports)
        return fmt::format("{} times --backup-port", config.backup_ports.size());
    if (ec == error::not_multicast || ec == error::source_required) {
        bool const v4 = config.group_v4 && (!config.group_v4->is_multicast() ||
                                            net::is_source_specific(*config.group_v4));
        return "--group " + (v4 ? config.group_v4->to_string() : config.group_v6->to_string());
    }
    return "chart";
}

std::string reason(chart_config const& config, error_code const& ec)
{
    if (ec == error::data_too_large)
        return fmt::format("{}; with {} ports there is room for {} bytes", ec.message(),
                           config.service_ports.size() + config.services.size(),
                           max_data_size(config));
    if (ec == error::source_required)
        return "a chart has no single source; choose a group outside 232.0.0.0/8 and ff3x::/32";
    return explain(ec);
}

template <class Config>
void check_config(Config const& config, auto const& reason)
{
    if (auto const ec = validate(config))
        throw problem(wrong_usage, subject(config, ec), reason(ec));
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
    check_config(config, explain);
    // The library takes the only link there is; a command had better mean the same everywhere.
    bool const unnamed = config.interfaces.empty() && config.group.address.is_v6() &&
                         config.group.address.to_v6().scope_id() == 0;
    if (unnamed && net::needs_interface(config.group.address))
        throw problem(wrong_usage, config.group.address.to_string(),
                      explain(error::interface_required));
}

void check(publication_config const& config)
{
    check_config(config, [&](error_code const& ec) {
        return ec == error::source_interface_mismatch ? rollcast::explain(config, ec) : explain(ec);
    });
}

void check(chart_config const& config)
{
    check_config(config, [&](error_code const& ec) { return reason(config, ec); });
}

} // namespace rollcast::cli
