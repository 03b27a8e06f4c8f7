// SPDX-License-Identifier: BSL-1.0
#include "cli/chart_lines.hpp"

#include "cli/chart_text.hpp"
#include "cli/output.hpp"
#include "cli/problem.hpp"
#include "cli/time_of_day.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>

namespace rollcast::cli {
namespace {

std::string to_json_of_interface(event const& what)
{
    json_line line(to_string(what.kind));
    line.add("interface", boost::json::value(what.interface.name));
    if (what.kind == event_kind::interface_failed)
        line.add("why", boost::json::value(explain(what.why)));
    else
        line.add("addresses", to_array(addresses(what.interface)));
    return line.str();
}

/// The ports that have names, by these; nothing where none has one.
void add_ports(json_line& line, instance const& who)
{
    boost::json::object ports;
    for (auto const& each : who.services)
        ports[each.name] = each.port;
    if (!ports.empty())
        line.add("ports", ports);
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
        add_ports(line, what.who);
    if (carries_record(what.kind))
        line.add_both("data", what.who.data);
    if (what.local_health > 1)
        line.add("local_health", what.local_health);
    return line.str();
}

/// An instance as a JSON object of its own; json_line writes objects, whatever they are called.
std::string to_json(instance const& who)
{
    json_line line;
    line.add("id", who.id)
        .add("state", boost::json::value(to_string(who.state)))
        .add("endpoints", to_array(endpoints(who)));
    add_ports(line, who);
    line.add_both("data", who.data);
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

void chart_lines::started()
{
    if (options_.common.json) {
        json_line line("started");
        line.add("id", about_.our_id())
            .add("life", boost::json::value(to_string(about_.our_life())))
            .add("interfaces", to_array(about_.interfaces()))
            .add("groups", to_array(groups(about_)))
            .add("discovery_port", about_.discovery_port());
        if (options_.config.observer)
            line.add("observer", true);
        return print_line(line.str());
    }
    auto told = groups_not_met(options_.config, about_);
    told.insert(told.begin(),
                fmt::format("started {} {}", about_.our_id(), whereabouts(options_, about_)));
    print_line(at_present(fmt::format("{}", fmt::join(told, "; "))));
}

/// With the time of day where lines stand in for the table, which has it.
std::string chart_lines::at_present(std::string const& line) const
{
    return options_.plain ? time_of_day(std::chrono::system_clock::now()) + "  " + line : line;
}

void chart_lines::happened(event const& what)
{
    print_line(options_.common.json ? to_json(what) : at_present(to_text(what)));
}

void chart_lines::complained(std::string const& line)
{
    complain(line);
}

void chart_lines::ended(chart_state const& last)
{
    auto const& instances = last.instances;
    if (options_.common.json)
        return print_line(json_line("chart")
                              .add("size", instances.size() + !options_.config.observer)
                              .add_raw("instances", to_json(instances))
                              .add("counters", to_object(last.counters))
                              .str());
    print_line(fmt::format("{} known{}", instances.size(),
                           options_.config.observer ? "" : " beside this one"));
    for (auto const& who : instances)
        print_line(fmt::format("  {} {} at {}{}{}", who.id, to_string(who.state),
                               fmt::join(named_endpoints(who), ", "), who.data.empty() ? "" : ": ",
                               who.data.empty() ? "" : printable_data(who.data)));
}

} // namespace rollcast::cli
