// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/doctor/answers.hpp"
#include "cli/doctor/findings.hpp"
#include "cli/doctor/host_checks.hpp"
#include "cli/doctor/link_trials.hpp"
#include "cli/doctor/querier_watch.hpp"
#include "cli/doctor/roll_call.hpp"

#include <rollcast/net.hpp>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rollcast::cli {
namespace {

using net::interface_info;

std::vector<std::string> names_of(std::vector<interface_info> const& all)
{
    std::vector<std::string> names;
    for (auto const& each : all)
        names.push_back(each.name);
    return names;
}

/// Looks at one thing after the other and tells what it finds.
class examination {
public:
    examination(asio::any_io_executor executor, doctor_options const& options, findings& into)
        : executor_(std::move(executor)),
          options_(options),
          into_(into),
          trials_(options, interfaces_, groups_, into)
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
        for (auto const& each : interfaces_)
            into_.make_room_for(each.name);
        tell_of_unmatched(*all);
        if (interfaces_.empty())
            return;
        if (!std::ranges::all_of(interfaces_, &interface_info::loopback))
            return into_.add({"interfaces",
                              {},
                              health::ok,
                              fmt::format("{}", fmt::join(names_of(interfaces_), ", "))});
        if (all->size() != interfaces_.size())
            return into_.add({"interfaces",
                              {},
                              health::warn,
                              fmt::format("{}, the loopback interface: only this machine can be "
                                          "seen there",
                                          fmt::join(names_of(interfaces_), ", "))});
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
        host_checks host(executor_, interfaces_, !options_.interfaces.empty(), into_);
        host.look_at_links();
        host.look_at_buffers();
        for (auto const& group : groups_) {
            look_for_speakers(group);
            host.look_at_route(group);
        }
    }

    asio::awaitable<void> try_links() { return trials_.run(); }

    /// Whether another instance is not only to be reached, but there.
    asio::awaitable<void> call_the_roll()
    {
        chart_config config;
        config.group_v4 = options_.group_v4;
        config.group_v6 = options_.group_v6;
        config.discovery_port = options_.discovery_port;
        config.backup_ports = options_.backup_ports;
        config.name = options_.name;
        for (auto const& each : interfaces_)
            if (each.up)
                calls_.push_back(std::make_unique<roll_call>(executor_, each, config));
        co_await roll_call::run(calls_);
        into_.add(answers_.told());
    }

    asio::awaitable<void> look_for_querier()
    {
        queriers seen;
        if (options_.wait.count() != 0)
            seen = co_await watch_for_queriers(options_.wait);
        into_.add(told(seen, options_.wait));
    }

    status conclude() const
    {
        bool const outside = trials_.has_worked(false) || answers_.has_met(false);
        bool const inside = trials_.has_worked(true) || answers_.has_met(true);
        bool const named_fails =
            !options_.interfaces.empty() &&
            !std::ranges::all_of(interfaces_, [&](auto const& each) {
                return trials_.has_worked_on(each) || answers_.has_met_on(each);
            });
        if (named_fails || (!outside && !inside))
            return into_.verdict(health::fail,
                                 std::string("discovery cannot work here; ") + what_to_see()),
                   failed;
        if (!outside && trials_.has_tried(false) && !answers_.has_met(true))
            return into_.verdict(health::fail,
                                 std::string("discovery does not leave this machine; ") +
                                     what_to_see()),
                   failed;
        if (!outside)
            into_.verdict(health::warn, "discovery works on this machine alone");
        else if (into_.worst() >= health::warn)
            into_.verdict(health::warn, "discovery works, but not in every way");
        else
            into_.verdict(health::ok, "discovery works here");
        return done;
    }

private:
    /// Where charts would find nothing to work on, and why.
    void tell_of_unmatched(std::vector<interface_info> const& all)
    {
        for (auto const& each : options_.interfaces) {
            bool const matches = std::ranges::any_of(all, [&](auto const& which) {
                return net::is_meant(which, std::span(&each, 1), all);
            });
            if (!matches)
                into_.add({"interfaces",
                           {},
                           interfaces_.empty() ? health::fail : health::warn,
                           fmt::format("{} matches no interface; there are: {}", to_string(each),
                                       fmt::join(names_of(all), ", "))});
        }
    }

    /// A group of an IP version that nothing here speaks; what has no address at all is told
    /// before.
    void look_for_speakers(net::group const& group)
    {
        bool const v4 = group.address.is_v4();
        auto const speaks = [&](bool version) {
            return std::ranges::any_of(interfaces_, [&](auto const& each) {
                return each.up && has_address(each, version);
            });
        };
        if (speaks(v4) || !speaks(!v4))
            return;
        into_.add(
            {"addresses",
             {},
             groups_.size() == 1 ? health::fail : health::ok,
             fmt::format("none is of IPv{}, so {} is not met", v4 ? 4 : 6, net::to_string(group))});
    }

    char const* what_to_see() const
    {
        return into_.worst() == health::fail ? "see what failed above" : "see the warnings above";
    }

    asio::any_io_executor executor_;
    doctor_options const& options_;
    findings& into_;
    std::vector<interface_info> interfaces_;
    std::vector<net::group> groups_;
    link_trials trials_;
    std::vector<std::unique_ptr<roll_call>> calls_;
    answers answers_{calls_};
};

} // namespace

asio::awaitable<status> run_doctor(doctor_options options, stop& end)
{
    findings told(options.common.json);
    auto const executor = co_await asio::this_coro::executor;
    examination patient(executor, options, told);
    patient.choose_groups();
    patient.choose_interfaces();
    patient.look_at_host();
    try {
        co_await patient.try_links();
        co_await patient.call_the_roll();
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
