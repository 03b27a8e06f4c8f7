// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/doctor/findings.hpp"
#include "cli/doctor/host_checks.hpp"
#include "cli/doctor/link_trials.hpp"
#include "cli/doctor/querier_watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

namespace rollcast::cli {
namespace {

using net::interface_info;

/// Looks at one thing after the other and tells what it finds.
class examination {
public:
    examination(doctor_options const& options, findings& into)
        : options_(options), into_(into), trials_(options, interfaces_, groups_, into)
    {
    }

    void choose_interfaces()
    {
        auto const all = net::list_interfaces();
        if (!all)
            throw problem(failed, "interfaces", explain(all.error()));
        for (auto const& each : *all)
            if (options_.interfaces.empty() || net::is_meant(each, options_.interfaces, *all))
                interfaces_.push_back(each);
        std::vector<std::string> names;
        for (auto const& each : interfaces_)
            names.push_back(each.name);
        bool const only_lo =
            std::ranges::all_of(interfaces_, [](auto const& each) { return each.loopback; });
        if (!only_lo)
            return into_.add(
                {"interfaces", {}, health::ok, fmt::format("{}", fmt::join(names, ", "))});
        into_.add({"interfaces",
                   {},
                   health::warn,
                   "there is nothing but the loopback interface: only this machine can be seen",
                   "ip link"});
    }

    void choose_groups()
    {
        if (options_.group_v4)
            groups_.emplace_back(*options_.group_v4, options_.discovery_port);
        if (options_.group_v6)
            groups_.emplace_back(*options_.group_v6, options_.discovery_port);
    }

    void look_at_host()
    {
        host_checks host(interfaces_, !options_.interfaces.empty(), into_);
        host.look_at_links();
        host.look_at_buffers();
        for (auto const& group : groups_)
            host.look_at_route(group);
    }

    asio::awaitable<void> try_links() { return trials_.run(); }

    asio::awaitable<void> look_for_querier()
    {
        if (options_.wait.count() == 0) {
            into_.add({"querier",
                       {},
                       health::unknown,
                       "not listened for; switches that snoop need one: --wait 130 hears any"});
            co_return;
        }
        auto const seen = co_await watch_for_queriers(options_.wait);
        if (seen.why_not) {
            into_.add({"querier",
                       {},
                       health::unknown,
                       "listening for one needs root: " + explain(seen.why_not)});
            co_return;
        }
        std::vector<std::string> names;
        for (auto const& each : seen.heard)
            names.push_back(each.to_string());
        auto const waited = std::chrono::duration<double>(options_.wait).count();
        if (!names.empty())
            into_.add({"querier",
                       {},
                       health::ok,
                       fmt::format("{} asks who listens", fmt::join(names, ", "))});
        else
            into_.add({"querier",
                       {},
                       health::warn,
                       fmt::format("nobody asked who listens within {:g} s: a switch or bridge "
                                   "that snoops forgets those who do",
                                   waited),
                       "ip link set dev BRIDGE type bridge mcast_querier 1, on the bridge"});
    }

    status conclude() const
    {
        bool const outside = std::ranges::any_of(
            interfaces_, [](auto const& each) { return each.up && !each.loopback; });
        bool const named_fails = !options_.interfaces.empty() &&
                                 !std::ranges::all_of(interfaces_, [&](auto const& each) {
                                     return trials_.has_worked_on(each);
                                 });
        bool const broken =
            named_fails || (outside ? !trials_.has_worked(false) : !trials_.has_worked(true));
        if (broken)
            into_.verdict(health::fail, "discovery cannot work here; see what failed above");
        else if (!trials_.has_worked(false))
            into_.verdict(health::warn, "discovery works on this machine alone");
        else if (into_.worst() >= health::warn)
            into_.verdict(health::warn, "discovery works, but not in every way");
        else
            into_.verdict(health::ok, "discovery works here");
        return broken ? failed : done;
    }

private:
    doctor_options const& options_;
    findings& into_;
    std::vector<interface_info> interfaces_;
    std::vector<net::group> groups_;
    link_trials trials_;
};

} // namespace

asio::awaitable<status> run_doctor(doctor_options options, stop& end)
{
    findings told(options.common.json);
    examination patient(options, told);
    patient.choose_groups();
    patient.choose_interfaces();
    patient.look_at_host();
    try {
        co_await patient.try_links();
        co_await patient.look_for_querier();
    } catch (boost::system::system_error const& failure) {
        if (failure.code() != asio::error::operation_aborted)
            throw;
        if (end.is_by_timeout())
            throw problem(failed, "--timeout", "too short for an examination");
        co_return done;
    }
    co_return patient.conclude();
}

} // namespace rollcast::cli
