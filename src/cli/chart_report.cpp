// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_report.hpp"

#include "cli/output.hpp"
#include "cli/problem.hpp"

#include <rollcast/net/endpoint.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rollcast::cli {
namespace {

std::string to_string(event_kind kind)
{
    return boost::describe::enum_to_string(kind, "unknown");
}

std::string to_string(instance_state state)
{
    return boost::describe::enum_to_string(state, "unknown");
}

/// Every address with every port; an instance without ports is still somewhere.
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

std::vector<std::string> groups(rollcast::chart const& chart)
{
    std::vector<std::string> all;
    for (auto const& each : chart.groups())
        all.push_back(net::to_string(each));
    return all;
}

boost::json::array to_array(std::vector<std::string> const& texts)
{
    return boost::json::array(texts.begin(), texts.end());
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

std::string to_json_of_interface(event const& what)
{
    json_line line(to_string(what.kind));
    line.add("interface", boost::json::value(what.interface.name));
    if (what.kind == event_kind::interface_failed)
        line.add("reason", boost::json::value(explain(what.why)));
    else
        line.add("addresses", to_array(addresses(what.interface)));
    return line.str();
}

std::string to_json(event const& what)
{
    json_line line(to_string(what.kind));
    if (what.kind == event_kind::overflow)
        return line.add("missed", what.missed).str();
    if (is_about_interface(what.kind))
        return to_json_of_interface(what);
    line.add("id", what.who.id);
    if (carries_record(what.kind) || what.kind == event_kind::id_conflict)
        line.add("endpoints", to_array(endpoints(what.who)));
    if (carries_record(what.kind))
        line.add_bytes("data", what.who.data);
    if (what.local_health > 1)
        line.add("local_health", what.local_health);
    return line.str();
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
    auto const where =
        fmt::format("{} {} at {}", kind, what.who.id, fmt::join(endpoints(what.who), ", "));
    return what.who.data.empty() ? where : where + ": " + printable(what.who.data);
}

/// An instance as a JSON object of its own; json_line writes objects, whatever they are called.
std::string to_json(instance const& who)
{
    json_line line;
    line.add("id", who.id)
        .add("state", boost::json::value(to_string(who.state)))
        .add("endpoints", to_array(endpoints(who)))
        .add_bytes("data", who.data);
    return line.str();
}

std::string to_json(std::vector<instance> const& instances)
{
    std::vector<std::string> each;
    for (auto const& who : instances)
        each.push_back(to_json(who));
    return fmt::format("[{}]", fmt::join(each, ","));
}

boost::json::object to_object(chart_counters const& counters)
{
    boost::json::object object;
    boost::mp11::mp_for_each<
        boost::describe::describe_members<chart_counters, boost::describe::mod_public>>(
        [&](auto member) { object[member.name] = counters.*member.pointer; });
    return object;
}

} // namespace

void chart_report::started() const
{
    if (options_.common.json)
        return print_line(json_line("started")
                              .add("id", about_.our_id())
                              .add("life", boost::json::value(to_string(about_.our_life())))
                              .add("interfaces", to_array(about_.interfaces()))
                              .add("groups", to_array(groups(about_)))
                              .add("discovery_port", about_.discovery_port())
                              .str());
    print_line(fmt::format(
        "started {} on {}, {} {}", about_.our_id(), fmt::join(about_.interfaces(), ", "),
        options_.sniff ? "listening to" : "meeting in", fmt::join(groups(about_), " and ")));
}

void chart_report::happened(event const& what) const
{
    print_line(options_.common.json ? to_json(what) : to_text(what));
}

void chart_report::final_chart() const
{
    auto const instances = about_.snapshot();
    if (options_.common.json)
        return print_line(json_line("chart")
                              .add("size", instances.size() + 1)
                              .add_raw("instances", to_json(instances))
                              .add("counters", to_object(about_.counters()))
                              .str());
    print_line(fmt::format("{} known beside this one", instances.size()));
    for (auto const& who : instances)
        print_line(fmt::format("  {} {} at {}", who.id, to_string(who.state),
                               fmt::join(endpoints(who), ", ")));
}

} // namespace rollcast::cli
