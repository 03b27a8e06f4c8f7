// SPDX-License-Identifier: BSL-1.0
#include "cli/doctor/link_trials.hpp"

#include "cli/doctor/causes.hpp"
#include "cli/doctor/host_checks.hpp"

#include <rollcast/net/endpoint.hpp>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace rollcast::cli {
asio::awaitable<void> link_trials::run()
{
    auto const owners = net::owners_of(options_.discovery_port);
    co_await try_port(options_.discovery_port);
    bool const taken = is_taken();
    tell_port(owners, taken);
    for (auto const port : options_.backup_ports) {
        if (!is_taken())
            break;
        co_await try_port(port);
    }
    for (auto const& each : tests_)
        tell(*each);
}

asio::awaitable<void> link_trials::try_port(net::port_type port)
{
    auto const executor = co_await asio::this_coro::executor;
    tests_.clear();
    for (auto const& on : interfaces_)
        for (auto group : groups_)
            if (on.up && has_address(on, group.address.is_v4())) {
                group.port = port;
                tests_.push_back(std::make_unique<self_test>(executor, on, group));
            }
    co_await self_test::run(tests_);
}

bool link_trials::is_taken() const
{
    return std::ranges::any_of(
        tests_, [](auto const& each) { return each->join_error() == asio::error::address_in_use; });
}

void link_trials::tell_port(std::vector<net::port_owner> const& owners, bool taken)
{
    std::vector<std::string> names;
    for (auto const& each : owners) {
        auto const program = each.program.empty()
                                 ? std::string("a program of another user")
                                 : fmt::format("{} (process {})", each.program, each.process);
        auto const name =
            fmt::format("{} on {}", program, net::to_string(each.address, options_.discovery_port));
        if (std::ranges::find(names, name) == names.end())
            names.push_back(name);
    }
    auto const port = options_.discovery_port;
    if (!taken)
        return into_.add({"port",
                          {},
                          health::ok,
                          names.empty()
                              ? fmt::format("{} is free", port)
                              : fmt::format("{} is shared with {}", port, fmt::join(names, ", "))});
    into_.add(
        {"port",
         {},
         health::warn,
         fmt::format("{} is taken by {}, which does not share it; charts meet on a "
                     "backup port",
                     port, names.empty() ? "a program" : fmt::format("{}", fmt::join(names, ", "))),
         "end that program, or give every chart another --discovery-port"});
}

void link_trials::tell(self_test const& test)
{
    auto const& name = test.interface().name;
    auto const where = net::to_string(test.group());
    if (auto const& ec = test.join_error()) {
        auto const found = cause_of_join(ec, test.group());
        return into_.add({"join", name, health::fail, where + ": " + found.why, found.remedy});
    }
    into_.add({"join", name, health::ok, where});
    if (auto const& ec = test.send_error()) {
        auto const found = cause_of_send(ec, test.group(), name);
        // So it is on most machines, where lo works by IPv4.
        if (ec == error::no_loopback_route && has_tried_v4_on(test.interface()))
            return into_.add(
                {"self-test", name, health::ok,
                 fmt::format("{} is left out, as usual: {}, and needs none beside IPv4", where,
                             found.why)});
        return into_.add({"self-test", name, health::fail,
                          fmt::format("{} cannot be sent to: {}", where, found.why), found.remedy});
    }
    if (test.has_heard())
        return into_.add({"self-test", name, health::ok, where + " comes back"});
    into_.add({"self-test", name, health::fail,
               where + " is joined and sent to, but nothing comes back: a firewall drops it, "
                       "it seems",
               fmt::format("nft list ruleset, and then: nft insert rule inet TABLE input udp "
                           "dport {} accept",
                           test.group().port)});
}

bool link_trials::has_worked(bool loopback) const
{
    return std::ranges::any_of(tests_, [&](auto const& each) {
        return each->has_heard() && each->interface().loopback == loopback;
    });
}

bool link_trials::has_tried(bool loopback) const
{
    return std::ranges::any_of(
        tests_, [&](auto const& each) { return each->interface().loopback == loopback; });
}

bool link_trials::has_tried_v4_on(net::interface_info const& which) const
{
    return std::ranges::any_of(tests_, [&](auto const& each) {
        return each->group().address.is_v4() && each->interface().index == which.index;
    });
}

bool link_trials::has_worked_on(net::interface_info const& which) const
{
    return std::ranges::any_of(tests_, [&](auto const& each) {
        return each->has_heard() && each->interface().index == which.index;
    });
}

} // namespace rollcast::cli
