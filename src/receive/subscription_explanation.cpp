// SPDX-License-Identifier: BSL-1.0
#include "error/explanation.hpp"
#include "net/explanation.hpp"
#include "receive/source_rules.hpp"
#include "receive/subscription_state.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/receive/subscription_config.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace rollcast {
namespace {

using hosts = std::vector<asio::ip::address>;

std::string for_group(std::string const& what, subscription_config const& config)
{
    return what + " for " + config.group.address.to_string();
}

/// The named interface that breaks the rule; the group's scope id names one, too.
std::string explain_interface(subscription_config const& config, error_code const& ec)
{
    auto const all = net::list_interfaces();
    auto const& group = config.group.address;
    for (auto const& each : config.interfaces) {
        auto const found =
            net::resolve_for(group, each, all ? *all : std::vector<net::interface_info>());
        if (!found && found.error() == ec)
            return found.error().message();
    }
    return detail::explanation(group.to_string(), ec, net::existing());
}

std::string names(std::vector<net::network_interface> const& interfaces)
{
    std::vector<std::string> all;
    for (auto const& each : interfaces)
        all.push_back(to_string(each));
    return detail::joined(all);
}

std::string addresses(hosts const& all)
{
    std::vector<std::string> texts;
    for (auto const& each : all)
        texts.push_back(each.to_string());
    return detail::joined(texts);
}

/// The one of these hosts that breaks the rule when it is judged alone.
std::string offender(hosts const& listed, subscription_config const& config, error_code const& ec)
{
    auto alone = config;
    alone.blocked.clear();
    alone.group.address = config.group.address.is_v4() ? asio::ip::make_address("232.0.0.1")
                                                       : asio::ip::make_address("ff3e::1");
    for (auto const& each : listed) {
        alone.sources = {each};
        if (receive::validate_sources(alone) == ec)
            return each.to_string();
    }
    return {};
}

std::string offending_source(subscription_config const& config, error_code const& ec)
{
    auto const listed = offender(config.sources, config, ec);
    return listed.empty() ? offender(config.blocked, config, ec) : listed;
}

std::string repeated_host(hosts const& all)
{
    auto const found = std::ranges::find_if(
        all, [&](auto const& each) { return std::ranges::count(all, each) > 1; });
    return found == all.end() ? std::string() : found->to_string();
}

/// The first interface that an earlier entry has named, maybe in another form.
std::string repeated_interface(subscription_config const& config)
{
    std::vector<unsigned> known;
    for (auto const& each : config.interfaces) {
        auto const found = net::resolve(each);
        if (found && std::ranges::find(known, found->index) != known.end())
            return to_string(each);
        if (found)
            known.push_back(found->index);
    }
    return names(config.interfaces);
}

std::string repeated(subscription_config const& config)
{
    auto host = repeated_host(config.sources);
    if (host.empty())
        host = repeated_host(config.blocked);
    return host.empty() ? repeated_interface(config) : host;
}

std::string explain_sources(subscription_config const& config, error_code const& ec)
{
    if (ec == error::too_many_sources)
        return detail::explanation(
            detail::counted(config.sources.size() + config.blocked.size(), "source", "sources") +
                " for " + config.group.address.to_string(),
            ec);
    if (ec == error::group_not_source_specific)
        return detail::explanation(for_group(addresses(config.sources), config), ec);
    if (ec == error::not_any_source)
        return detail::explanation(for_group(addresses(config.blocked), config), ec);
    return detail::explanation(for_group(offending_source(config, ec), config), ec);
}

bool is_about_sources(error_code const& ec)
{
    return ec == error::too_many_sources || ec == error::group_not_source_specific ||
           ec == error::not_any_source || ec == error::source_family_mismatch ||
           ec == error::invalid_source;
}

} // namespace

std::string explain(subscription_config const& config, error_code const& ec)
{
    auto const address = config.group.address.to_string();
    auto const group = to_string(config.group);
    if (net::is_about_interface(ec))
        return explain_interface(config, ec);
    if (is_about_sources(ec))
        return explain_sources(config, ec);
    if (ec == error::interface_mismatch)
        return detail::explanation(for_group(names(config.interfaces), config), ec);
    if (ec == error::duplicate_entry)
        return detail::explanation(repeated(config), ec);
    if (ec == error::not_multicast || ec == error::source_required)
        return detail::explanation(address, ec);
    if (ec == error::interface_required || ec == error::no_multicast_route ||
        ec == error::refused_by_route)
        return detail::explanation(address, ec, net::existing());
    if (ec == error::invalid_busy_poll || ec == error::busy_poll_refused)
        return detail::explanation(std::to_string(config.busy_poll.count()) + " us", ec);
    if (ec == error::device_refused)
        return detail::explanation(detail::abridged(config.device), ec, net::existing());
    if (ec == boost::system::errc::no_such_device && !config.interfaces.empty())
        return detail::explanation(names(config.interfaces), ec, net::existing());
    return net::explain_port(group, config.group.port, ec);
}

/// The socket's own port and address are what does not fit.
std::string subscription::state::explain_adoption(error_code const& ec,
                                                  os::native_socket existing) const
{
    auto const bound = os::bound_endpoint(existing);
    bool const about_binding =
        ec == error::socket_port_mismatch || ec == error::socket_address_mismatch;
    if (!about_binding || !bound)
        return explain(ec);
    return detail::explanation(to_string(config.group), ec,
                               "it is bound to " + net::to_string(*bound));
}

std::string subscription::state::explain_added(asio::ip::address const& source,
                                               error_code const& ec) const
{
    auto wanted = config;
    wanted.sources.push_back(source);
    return rollcast::explain(wanted, ec);
}

std::string subscription::state::explain_blocked(asio::ip::address const& source,
                                                 error_code const& ec) const
{
    auto wanted = config;
    wanted.blocked.push_back(source);
    return rollcast::explain(wanted, ec);
}

std::string subscription::state::explain_dropped(asio::ip::address const& source,
                                                 error_code const& ec) const
{
    return detail::explanation(for_group(source.to_string(), config), ec,
                               "there are: " + addresses(config.sources));
}

std::string subscription::state::explain_unblocked(asio::ip::address const& source,
                                                   error_code const& ec) const
{
    auto const blocked =
        config.blocked.empty() ? "none is blocked" : "those are: " + addresses(config.blocked);
    return detail::explanation(for_group(source.to_string(), config), ec, blocked);
}

} // namespace rollcast
