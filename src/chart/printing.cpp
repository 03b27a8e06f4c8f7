// SPDX-License-Identifier: BSL-1.0
#include <rollcast/chart.hpp>

#include "detail/printing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ostream>
#include <vector>

namespace rollcast {
namespace {

/// Every address with every port; an instance without ports is still somewhere.
std::vector<std::string> places(instance const& who)
{
    std::vector<std::string> all;
    auto const unnamed = who.service_ports.size() - who.services.size();
    for (auto const& address : who.addresses) {
        if (who.service_ports.empty())
            all.push_back(address.to_string());
        for (std::size_t i = 0; i < who.service_ports.size(); ++i)
            all.push_back(net::to_string(address, who.service_ports[i]) +
                          (i < unnamed ? "" : " (" + who.services[i - unnamed].name + ")"));
    }
    return all;
}

/// " at 10.0.0.2:8042: its data"
std::string whereabouts(instance const& who)
{
    auto const all = places(who);
    auto text = all.empty() ? std::string(" without an address")
                            : fmt::format(" at {}", fmt::join(all, ", "));
    return who.data.empty() ? text : text + ": " + detail::text_of(who.data);
}

bool is_about_interface(event_kind kind)
{
    return kind == event_kind::interface_up || kind == event_kind::interface_down ||
           kind == event_kind::interface_failed;
}

/// Events that end something need no address.
bool tells_where(event_kind kind)
{
    return kind == event_kind::found || kind == event_kind::updated ||
           kind == event_kind::restarted || kind == event_kind::returned ||
           kind == event_kind::reachable || kind == event_kind::id_conflict;
}

std::string about_interface(event const& value)
{
    if (value.kind == event_kind::interface_failed)
        return to_string(interface_obstacle{value.interface, {}, value.why});
    std::vector<std::string> addresses;
    for (auto const& each : value.interface.addresses)
        addresses.push_back(each.address.to_string());
    return fmt::format("{}: {}", value.interface.name, fmt::join(addresses, ", "));
}

} // namespace

std::string to_string(event const& value)
{
    auto const kind = to_string(value.kind);
    if (value.kind == event_kind::overflow)
        return fmt::format("{}: {} event{} missed", kind, value.missed,
                           value.missed == 1 ? " was" : "s were");
    if (is_about_interface(value.kind))
        return kind + ' ' + about_interface(value);
    auto const who = fmt::format("{} {}", kind, value.who.id);
    if (value.kind == event_kind::data_unreadable)
        return who + ": " + value.why.message();
    return tells_where(value.kind) ? who + whereabouts(value.who) : who;
}

std::string to_string(instance const& value)
{
    return fmt::format("{} {}{}", value.id, to_string(value.state), whereabouts(value));
}

std::string to_string(reachable const& value)
{
    return fmt::format("{} at {}", value.id, net::to_string(value.address, value.port));
}

std::string to_string(service const& value)
{
    return fmt::format("{}={}", value.name, value.port);
}

ROLLCAST_PRINTED(chart_config)
ROLLCAST_PRINTED_ENUM(event_kind)
ROLLCAST_STREAMED(event)
ROLLCAST_PRINTED_ENUM(instance_state)
ROLLCAST_STREAMED(instance)
ROLLCAST_STREAMED(reachable)
ROLLCAST_STREAMED(service)
ROLLCAST_STREAMED(interface_obstacle)

} // namespace rollcast
