// SPDX-License-Identifier: BSL-1.0
#include "cli/commands.hpp"
#include "cli/findings.hpp"
#include "cli/querier_watch.hpp"
#include "cli/self_test.hpp"

#include <rollcast/net/endpoint.hpp>
#include <rollcast/net/host_settings.hpp>

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace rollcast::cli {
namespace {

using net::interface_info;

/// What the kernel gives a socket that asks for nothing, and what a burst needs at least.
constexpr std::uint64_t usual_buffer = 212'992;

bool has(interface_info const& on, bool v4)
{
    return std::ranges::any_of(on.addresses,
                               [&](auto const& each) { return each.address.is_v4() == v4; });
}

/// Looks at one thing after the other and tells what it finds.
class examination {
public:
    examination(doctor_options const& options, findings& into) : options_(options), into_(into) {}

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

    void look_at_links()
    {
        for (auto const& each : interfaces_) {
            look_at_link(each);
            if (!each.up)
                continue;
            look_at_addresses(each);
            if (!each.loopback)
                look_at_filter(each);
        }
    }

    void look_at_buffers()
    {
        auto const most = net::largest_receive_buffer();
        if (!most)
            return into_.add({"buffers", {}, health::unknown, "net.core.rmem_max cannot be read"});
        bool const small = *most < usual_buffer;
        into_.add({"buffers",
                   {},
                   small ? health::warn : health::ok,
                   fmt::format("net.core.rmem_max lets a socket hold {} bytes{}", *most,
                               small ? ", which a burst of datagrams fills at once" : ""),
                   small ? "sysctl -w net.core.rmem_max=4194304" : ""});
    }

    void look_at_routes()
    {
        for (auto const& group : groups_)
            look_at_route(group);
    }

    void choose_groups()
    {
        if (options_.group_v4)
            groups_.emplace_back(*options_.group_v4, options_.discovery_port);
        if (options_.group_v6)
            groups_.emplace_back(*options_.group_v6, options_.discovery_port);
    }

    /// Joins, sends and listens on every link; where the port is taken, on a backup port.
    asio::awaitable<void> try_links()
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
        auto const works = [&](bool loopback) {
            return std::ranges::any_of(tests_, [&](auto const& each) {
                return each->has_heard() && each->interface().loopback == loopback;
            });
        };
        bool const outside = std::ranges::any_of(
            interfaces_, [](auto const& each) { return each.up && !each.loopback; });
        bool const named_fails =
            !options_.interfaces.empty() && std::ranges::any_of(interfaces_, [&](auto const& each) {
                return std::ranges::none_of(tests_, [&](auto const& test) {
                    return test->has_heard() && test->interface().index == each.index;
                });
            });
        bool const broken = named_fails || (outside ? !works(false) : !works(true));
        if (broken)
            into_.verdict(health::fail, "discovery cannot work here; see what failed above");
        else if (!works(false))
            into_.verdict(health::warn, "discovery works on this machine alone");
        else if (into_.worst() >= health::warn)
            into_.verdict(health::warn, "discovery works, but not in every way");
        else
            into_.verdict(health::ok, "discovery works here");
        return broken ? failed : done;
    }

private:
    void look_at_link(interface_info const& which)
    {
        bool const named = !options_.interfaces.empty();
        bool const of_no_use = !which.up && !which.multicast && !which.loopback;
        if (of_no_use && !named) // such as the tunnels that every namespace begins with
            return into_.add({"link", which.name, health::ok, "down, and not made for multicast"});
        if (!which.up)
            return into_.add({"link", which.name, named ? health::fail : health::warn,
                              "it is down, or nothing is plugged in",
                              fmt::format("ip link set dev {} up", which.name)});
        if (!which.multicast && !which.loopback)
            return into_.add({"link", which.name, health::fail, "it is up, but without MULTICAST",
                              fmt::format("ip link set dev {} multicast on", which.name)});
        auto const version = net::igmp_version(which.name);
        into_.add({"link", which.name, health::ok,
                   fmt::format("up, MTU {}{}", which.mtu,
                               version ? fmt::format(", IGMPv{}", *version) : "")});
    }

    void look_at_addresses(interface_info const& which)
    {
        std::vector<std::string> all;
        for (auto const& each : which.addresses)
            all.push_back(each.address.to_string());
        if (all.empty())
            return into_.add({"addresses", which.name, health::warn,
                              "it has no address that is ready, so nothing is said there",
                              fmt::format("ip addr add ADDRESS/24 dev {}", which.name)});
        into_.add({"addresses", which.name, health::ok, fmt::format("{}", fmt::join(all, ", "))});
    }

    void look_at_filter(interface_info const& which)
    {
        auto const filter = net::filter_of(which.name);
        if (!filter || !has(which, true))
            return;
        if (*filter != net::reverse_path_filter::strict)
            return into_.add({"rp_filter", which.name, health::ok,
                              *filter == net::reverse_path_filter::off ? "off" : "loose"});
        into_.add({"rp_filter", which.name, health::warn,
                   "strict: IPv4 datagrams are dropped without a word where the way back to their "
                   "source leads out by another interface",
                   fmt::format("sysctl -w net.ipv4.conf.all.rp_filter=2 "
                               "net.ipv4.conf.{}.rp_filter=2",
                               which.name)});
    }

    void look_at_route(net::group const& group)
    {
        bool const v4 = group.address.is_v4();
        auto const out = std::ranges::find_if(interfaces_, [&](auto const& each) {
            return each.up && !each.loopback && has(each, v4);
        });
        // IPv6 groups of link-local scope are never left to the routes.
        if (out == interfaces_.end() || net::needs_interface(group.address))
            return;
        auto const executor = asio::system_executor();
        publication_config config;
        config.group = group;
        publication probe(executor, config);
        error_code ec;
        probe.open(ec);
        if (!ec)
            return into_.add({"route",
                              {},
                              health::ok,
                              fmt::format("a route leads to {}", group.address.to_string())});
        into_.add({"route",
                   {},
                   health::warn,
                   fmt::format("no route leads to {}: programs that name no interface cannot send; "
                               "charts name theirs",
                               group.address.to_string()),
                   v4 ? fmt::format("ip route add 224.0.0.0/4 dev {}", out->name)
                      : fmt::format("ip -6 route add ff00::/8 dev {} table local", out->name)});
    }

    asio::awaitable<void> try_port(net::port_type port)
    {
        auto const executor = co_await asio::this_coro::executor;
        tests_.clear();
        for (auto const& on : interfaces_)
            for (auto group : groups_)
                if (on.up && has(on, group.address.is_v4())) {
                    group.port = port;
                    tests_.push_back(std::make_unique<self_test>(executor, on, group));
                }
        co_await self_test::run(tests_);
    }

    bool is_taken() const
    {
        return std::ranges::any_of(tests_, [](auto const& each) {
            return each->join_error() == asio::error::address_in_use;
        });
    }

    void tell_port(std::vector<net::port_owner> const& owners, bool taken)
    {
        std::vector<std::string> names;
        for (auto const& each : owners) {
            auto const program = each.program.empty()
                                     ? std::string("a program of another user")
                                     : fmt::format("{} (process {})", each.program, each.process);
            auto const name = fmt::format("{} on {}", program,
                                          net::to_string(each.address, options_.discovery_port));
            if (std::ranges::find(names, name) == names.end())
                names.push_back(name);
        }
        auto const port = options_.discovery_port;
        if (!taken)
            return into_.add({"port",
                              {},
                              health::ok,
                              names.empty() ? fmt::format("{} is free", port)
                                            : fmt::format("{} is shared with {}", port,
                                                          fmt::join(names, ", "))});
        into_.add(
            {"port",
             {},
             health::warn,
             fmt::format("{} is taken by {}, which does not share it; charts meet on a "
                         "backup port",
                         port,
                         names.empty() ? "a program" : fmt::format("{}", fmt::join(names, ", "))),
             "end that program, or give every chart another --discovery-port"});
    }

    void tell(self_test const& test)
    {
        auto const& name = test.interface().name;
        auto const where = net::to_string(test.group());
        if (auto const& ec = test.join_error())
            return into_.add({"join", name, health::fail, where + ": " + explain(ec), remedy(ec)});
        into_.add({"join", name, health::ok, where});
        if (auto const& ec = test.send_error()) {
            // So it is on most machines, where lo works by IPv4.
            bool const usual = ec == error::no_loopback_route;
            return into_.add({"self-test", name, usual ? health::ok : health::fail,
                              where + " cannot be sent to: " + explain(ec), remedy(ec)});
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

    static std::string remedy(error_code const& ec)
    {
        if (ec == error::no_loopback_route)
            return "ip -6 route add local ff00::/8 dev lo";
        if (ec == error::too_many_memberships)
            return "sysctl -w net.ipv4.igmp_max_memberships=100";
        if (ec == boost::system::errc::permission_denied ||
            ec == boost::system::errc::operation_not_permitted)
            return "nft list ruleset";
        return {};
    }

    doctor_options const& options_;
    findings& into_;
    std::vector<interface_info> interfaces_;
    std::vector<net::group> groups_;
    std::vector<std::unique_ptr<self_test>> tests_;
};

} // namespace

asio::awaitable<status> run_doctor(doctor_options options, stop& end)
{
    findings told(options.common.json);
    examination patient(options, told);
    patient.choose_groups();
    patient.choose_interfaces();
    patient.look_at_links();
    patient.look_at_buffers();
    patient.look_at_routes();
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
