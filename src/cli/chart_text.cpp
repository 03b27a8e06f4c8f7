// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_text.hpp"

#include "cli/output.hpp"
#include "cli/problem.hpp"

#include <rollcast/net/endpoint.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rollcast::cli {

std::string to_string(event_kind kind)
{
    return boost::describe::enum_to_string(kind, "unknown");
}

std::string to_string(instance_state state)
{
    return boost::describe::enum_to_string(state, "unknown");
}

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

bool carries_record(event_kind kind)
{
    return kind == event_kind::found || kind == event_kind::updated ||
           kind == event_kind::restarted || kind == event_kind::returned;
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
    return what.who.data.empty() ? where : where + ": " + printable(what.who.data);
}

} // namespace rollcast::cli
