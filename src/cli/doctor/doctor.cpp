// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/doctor/findings.hpp"
#include "cli/doctor/host_checks.hpp"
#include "cli/doctor/link_trials.hpp"
#include "cli/doctor/querier_watch.hpp"
#include "cli/doctor/roll_call.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rollcast::cli {
namespace {

using net::interface_info;

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
        std::vector<std::string> names;
        for (auto const& each : interfaces_) {
            names.push_back(each.name);
            into_.make_room_for(each.name);
        }
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
        host_checks host(executor_, interfaces_, !options_.interfaces.empty(), into_);
        host.look_at_links();
        host.look_at_buffers();
        for (auto const& group : groups_)
            host.look_at_route(group);
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
        tell_answers();
    }

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
        bool const outside = trials_.has_worked(false) || has_heard(false);
        bool const inside = trials_.has_worked(true) || has_heard(true);
        bool const named_fails = !options_.interfaces.empty() &&
                                 !std::ranges::all_of(interfaces_, [&](auto const& each) {
                                     return trials_.has_worked_on(each) || has_heard_on(each);
                                 });
        if (named_fails || (!outside && !inside))
            return into_.verdict(health::fail, "discovery cannot work here; see what failed above"),
                   failed;
        if (!outside && trials_.has_tried(false) && !has_heard(true))
            return into_.verdict(health::fail,
                                 "discovery does not leave this machine; see what failed above"),
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
    void tell_answers()
    {
        std::set<std::uint64_t> all;
        std::vector<std::string> links;
        std::uint64_t foreign = 0;
        for (auto const& each : calls_) {
            foreign += each->foreign();
            auto last = std::chrono::steady_clock::duration::zero();
            for (auto const& [id, after] : each->heard()) {
                all.insert(id);
                last = std::max(last, after);
            }
            using milliseconds = std::chrono::duration<double, std::milli>;
            if (!each->heard().empty())
                links.push_back(fmt::format("{} on {} within {:.0f} ms", each->heard().size(),
                                            each->interface().name,
                                            std::ceil(milliseconds(last).count())));
        }
        auto const strangers =
            foreign == 0
                ? std::string()
                : fmt::format("; {} datagrams came from others, of another name or program",
                              foreign);
        if (all.empty())
            return into_.add({"instances",
                              {},
                              health::unknown,
                              fmt::format("nobody else answered within {} s{}; start one elsewhere "
                                          "to try the way there",
                                          roll_call::patience.count(), strangers)});
        into_.add({"instances",
                   {},
                   health::ok,
                   fmt::format("{} other{} answered: {}{}", all.size(), all.size() == 1 ? "" : "s",
                               fmt::join(links, ", "), strangers)});
    }

    bool has_heard(bool loopback) const
    {
        return std::ranges::any_of(calls_, [&](auto const& each) {
            return !each->heard().empty() && each->interface().loopback == loopback;
        });
    }

    bool has_heard_on(interface_info const& which) const
    {
        return std::ranges::any_of(calls_, [&](auto const& each) {
            return !each->heard().empty() && each->interface().index == which.index;
        });
    }

    asio::any_io_executor executor_;
    doctor_options const& options_;
    findings& into_;
    std::vector<interface_info> interfaces_;
    std::vector<net::group> groups_;
    link_trials trials_;
    std::vector<std::unique_ptr<roll_call>> calls_;
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
