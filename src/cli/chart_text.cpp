// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_text.hpp"

#include "cli/output.hpp"
#include "cli/problem.hpp"

#include <rollcast/net/endpoint.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace rollcast::cli {

std::vector<std::string> endpoints(instance const& who)
{
    std::vector<std::string> all;
    for (auto const& address : who.addresses) {
        if (who.service_ports.empty())
            all.push_back(address.to_string());
        for (auto const port : who.service_ports)
            all.push_back(net::to_string(address, port));
    }
    return all;
}

std::vector<std::string> named_endpoints(instance const& who)
{
    auto all = endpoints(who);
    auto const ports = who.service_ports.size();
    auto const unnamed = ports - who.services.size();
    for (std::size_t i = 0; ports != 0 && i < all.size(); ++i)
        if (i % ports >= unnamed)
            all[i] += fmt::format(" ({})", who.services[i % ports - unnamed].name);
    return all;
}

std::vector<std::string> groups(rollcast::chart const& chart)
{
    std::vector<std::string> all;
    for (auto const& each : chart.groups())
        all.push_back(net::to_string(each));
    return all;
}

namespace {

/// What a chart does in its groups.
char const* doing(chart_options const& options)
{
    if (options.config.observer)
        return "observing";
    return options.sniff ? "listening to" : "meeting in";
}

/// Why none of the interfaces takes this group: the reason of each, as far as there are any.
std::string why_not_met(asio::ip::address const& group, rollcast::chart const& chart)
{
    std::vector<std::string> reasons;
    for (auto const& each : chart.obstacles())
        if (each.group.is_unspecified() || each.group == group)
            reasons.push_back(fmt::format("{}: {}", each.interface.name, explain(each.why)));
    return reasons.empty() ? std::string("no interface has an address of this IP version")
                           : fmt::format("{}", fmt::join(reasons, ", "));
}

} // namespace

std::vector<std::string> groups_not_met(chart_config const& config, rollcast::chart const& chart)
{
    std::vector<std::string> all;
    auto const met = chart.groups();
    auto const add = [&](asio::ip::address const& group) {
        bool const is_met = std::ranges::any_of(
            met, [&](auto const& each) { return each.address.is_v4() == group.is_v4(); });
        if (!is_met && !met.empty())
            all.push_back(fmt::format("not by {}, {}", group.is_v4() ? "IPv4" : "IPv6",
                                      why_not_met(group, chart)));
    };
    if (config.group_v4)
        add(*config.group_v4);
    if (config.group_v6)
        add(*config.group_v6);
    return all;
}

std::string whereabouts(chart_options const& options, rollcast::chart const& chart)
{
    auto const met = groups(chart);
    if (met.empty())
        return "without any interface to meet on yet";
    return fmt::format("on {}, {} {}", fmt::join(chart.interfaces(), ", "), doing(options),
                       fmt::join(met, " and "));
}

bool carries_record(event_kind kind)
{
    return kind == event_kind::found || kind == event_kind::updated ||
           kind == event_kind::restarted || kind == event_kind::returned ||
           kind == event_kind::reachable;
}

bool is_about_interface(event_kind kind)
{
    return kind == event_kind::interface_up || kind == event_kind::interface_down ||
           kind == event_kind::interface_failed;
}

std::vector<std::string> addresses(net::interface_info const& interface)
{
    std::vector<std::string> all;
    for (auto const& each : interface.addresses)
        all.push_back(each.address.to_string());
    return all;
}

std::string to_text(event const& what)
{
    auto const kind = to_string(what.kind);
    if (what.kind == event_kind::overflow)
        return fmt::format("{}: {} events were missed", kind, what.missed);
    if (what.kind == event_kind::interface_failed)
        return fmt::format("{} {}: {}", kind, what.interface.name, explain(what.why));
    if (is_about_interface(what.kind))
        return fmt::format("{} {}: {}", kind, what.interface.name,
                           fmt::join(addresses(what.interface), ", "));
    if (!carries_record(what.kind) && what.kind != event_kind::id_conflict)
        return fmt::format("{} {}", kind, what.who.id);
    auto const all = named_endpoints(what.who);
    auto const where = all.empty()
                           ? fmt::format("{} {} without an address", kind, what.who.id)
                           : fmt::format("{} {} at {}", kind, what.who.id, fmt::join(all, ", "));
    return what.who.data.empty() ? where : where + ": " + printable_data(what.who.data);
}

std::string not_sent(chart_counters const& counters)
{
    return fmt::format("{} of {} datagrams could not be sent; rollcast doctor says why",
                       counters.send_errors, counters.sent + counters.send_errors);
}

} // namespace rollcast::cli
