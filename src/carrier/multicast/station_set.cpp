// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/station_set.hpp"

#include "carrier/multicast/interface_choice.hpp"
#include "carrier/multicast/interface_worth.hpp"
#include "net/resources.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rollcast::detail {
namespace {

/// Whether a datagram is to be sent in this IP version.
bool goes_by(outgoing const& datagram, bool v4)
{
    if (datagram.to)
        return datagram.to->address().is_v4() == v4;
    return datagram.by == versions::all || (datagram.by == versions::v4) == v4;
}

event report(event_kind kind, net::interface_info const& about, error_code const& why = {})
{
    event result;
    result.kind = kind;
    result.interface = about;
    result.why = why;
    return result;
}

/// What the configuration or the state of an interface decides, which the system tells when it
/// changes; a user who chose so need not be told.
bool is_choice(error_code const& why)
{
    return why == error::interface_is_down || why == error::interface_cannot_multicast ||
           why == error::interface_without_address || why == error::interface_excluded ||
           why == error::interface_refused || why == error::not_loopback ||
           why == error::interface_has_master || why == error::unknown_interface;
}

/// An interface that has just gone, or whose address is not ready yet: another change will follow.
/// That loopback has no IPv6 multicast is so on most machines, where it works by IPv4.
bool is_usual(error_code const& why)
{
    return is_choice(why) || why == error::no_loopback_route ||
           why == boost::system::errc::no_such_device ||
           why == boost::system::errc::no_such_device_or_address ||
           why == boost::system::errc::address_not_available;
}

/// That an address is deprecated from now on is no news to those that use it.
bool tells_the_same(net::interface_info const& a, net::interface_info const& b)
{
    return std::ranges::equal(a.addresses, b.addresses, [](auto const& one, auto const& other) {
        return one.address == other.address && one.prefix_length == other.prefix_length;
    });
}

/// Why nothing could be opened.
error_code verdict(bool port_is_taken, std::vector<interface_obstacle> const& obstacles)
{
    if (port_is_taken)
        return asio::error::address_in_use;
    return obstacles.empty() ? error_code(error::no_usable_interface) : obstacles.back().why;
}

} // namespace

station_set::station_set(asio::any_io_executor executor, chart_config const& config)
    : executor_(std::move(executor)), config_(config)
{
}

error_code station_set::refresh(bool at_first)
{
    auto const choice = choose_interfaces(config_);
    if (!choice)
        return choice.error();
    std::vector<interface_obstacle> unaffordable;
    auto const used = affordable(choice->wanted, unaffordable);
    auto tried = try_ports(used);
    auto& obstacles = tried.obstacles;
    obstacles.insert(obstacles.begin(), unaffordable.begin(), unaffordable.end());
    obstacles.insert(obstacles.end(), choice->undecided.begin(), choice->undecided.end());
    auto const ec = verdict(tried.port_is_taken, obstacles);
    auto const others = left_out(config_, *choice, tried.opened.empty());
    obstacles.insert(obstacles.end(), others.begin(), others.end());
    bool const fails =
        at_first && tried.opened.empty() && (tried.port_is_taken || !config_.wait_for_interface);
    take_over(std::move(tried.opened));
    note_interfaces(used);
    if (at_first)
        reports_.clear(); // a program can ask which interfaces are in use; the others are told
    note_obstacles(std::move(obstacles));
    return fails ? ec : error_code{};
}

/// As many interfaces as the process may open descriptors for. Routes are asked for only where they
/// matter: there may be very many.
std::vector<net::interface_info>
station_set::affordable(std::vector<net::interface_info> const& wanted,
                        std::vector<interface_obstacle>& left_out) const
{
    auto const stations_of = [this](net::interface_info const& which) {
        return meeting_places(config_, which, discovery_port()).size();
    };
    std::size_t needed = 0;
    for (auto const& each : wanted)
        needed += stations_of(each);
    auto const room = room_for_stations(stations_.size(), net::free_descriptors());
    if (needed <= room)
        return wanted;
    auto rationed = ration(wanted, net::default_route_interfaces(), room, stations_of);
    for (auto& each : rationed.left_out)
        left_out.push_back({std::move(each), {}, error::too_few_descriptors});
    return std::move(rationed.used);
}

/// On the port that has been decided on, or on the first one that no program keeps to itself.
station_set::attempt station_set::try_ports(std::vector<net::interface_info> const& interfaces)
{
    if (port_ != 0)
        return try_port(interfaces, port_);
    auto ports = config_.backup_ports;
    ports.insert(ports.begin(), config_.discovery_port);
    attempt tried;
    for (auto const port : ports) {
        tried = try_port(interfaces, port);
        if (tried.port_is_taken)
            continue;
        port_ = tried.opened.empty() ? 0 : port;
        return tried;
    }
    return tried;
}

station_set::attempt station_set::try_port(std::vector<net::interface_info> const& interfaces,
                                           net::port_type port)
{
    attempt tried;
    for (auto const& interface : interfaces) {
        for (auto const& group : meeting_places(config_, interface, port)) {
            auto where = kept(interface, group);
            auto& no_mouth = tried.no_mouth[group.address.is_v4()];
            if (where)
                where->follow(interface);
            auto const ec = where ? error_code{} : open(interface, group, no_mouth, where);
            // Everything else concerns this interface alone.
            bool const taken = ec == asio::error::address_in_use && !where->ear.is_joined();
            if (taken && port_ == 0)
                return {.obstacles = {{interface, group.address, ec}}, .port_is_taken = true};
            if (ec)
                tried.obstacles.push_back({interface, group.address, ec});
            else
                tried.opened.push_back(std::move(where));
        }
    }
    return tried;
}

void station_set::take_over(stations opened)
{
    std::swap(stations_, opened);
    for (auto const& each : links_) {
        bool const is_left =
            std::ranges::find(stations_, each.index, &station::link) == stations_.end();
        if (is_left)
            for (auto const& mouth : mouths_)
                mouth->forget(each.index);
    }
    for (auto const& each : opened)
        if (std::ranges::find(stations_, each) == stations_.end())
            each->close();
}

/// Notes which interfaces have a station now, and what has changed.
void station_set::note_interfaces(std::vector<net::interface_info> const& wanted)
{
    auto const before = std::exchange(in_use_, {});
    links_.clear();
    for (auto const& each : wanted) {
        if (std::ranges::find(stations_, each.index, &station::link) == stations_.end())
            continue;
        links_.push_back({each.index, each.addresses, unicast_port(each.index, true),
                          unicast_port(each.index, false)});
        in_use_.push_back(each);
    }
    using info = net::interface_info;
    for (auto const& each : before)
        if (std::ranges::find(in_use_, each.index, &info::index) == in_use_.end())
            reports_.push_back(report(event_kind::interface_down, each));
    for (auto const& each : in_use_) {
        auto const known = std::ranges::find(before, each.index, &info::index);
        if (known == before.end() || known->name != each.name || !tells_the_same(*known, each))
            reports_.push_back(report(event_kind::interface_up, each));
    }
}

/// What was in the way before has been told, and one reason is told once for both IP versions.
void station_set::note_obstacles(std::vector<interface_obstacle> found)
{
    auto const known = std::exchange(obstacles_, std::move(found));
    for (auto each = obstacles_.begin(); each != obstacles_.end(); ++each) {
        auto const same = [&](interface_obstacle const& other) {
            return other.interface.index == each->interface.index && other.why == each->why;
        };
        bool const told = std::any_of(obstacles_.begin(), each, same) ||
                          std::ranges::any_of(known, [&](interface_obstacle const& before) {
                              return same(before) && before.group == each->group;
                          });
        if (!told && !is_usual(each->why))
            reports_.push_back(report(event_kind::interface_failed, each->interface, each->why));
    }
}

bool station_set::has_to_retry() const noexcept
{
    return std::ranges::any_of(obstacles_, [](auto const& each) { return !is_usual(each.why); });
}

std::vector<event> station_set::take_reports()
{
    return std::exchange(reports_, {});
}

net::port_type station_set::discovery_port() const noexcept
{
    return port_ != 0 ? port_ : config_.discovery_port;
}

/// The station that is open already for this interface and group; null: none.
std::shared_ptr<station> station_set::kept(net::interface_info const& interface,
                                           net::group const& group) const
{
    auto const found = std::ranges::find_if(stations_, [&](auto const& each) {
        return each->link() == interface.index && each->group() == group;
    });
    return found == stations_.end() ? nullptr : *found;
}

/// Where there is no mouth for one link there is none for the next: that is found out once.
error_code station_set::open(net::interface_info const& interface, net::group const& group,
                             error_code& no_mouth, std::shared_ptr<station>& into)
{
    into = std::make_shared<station>(executor_, group, interface,
                                     station_health(config_.detection_time / 4));
    if (no_mouth)
        return no_mouth;
    auto const ec = into->open();
    return ec ? ec : no_mouth = give_mouth(*into);
}

/// Gives a station the mouth there is for its IP version, or opens that mouth.
error_code station_set::give_mouth(station& to)
{
    auto const serves = [&](auto const& each) { return each->speaks(to.is_v4()); };
    auto found = std::ranges::find_if(mouths_, serves);
    if (found == mouths_.end()) {
        if (auto const ec = open_mouth(to.group().address))
            return ec;
        found = std::prev(mouths_.end());
    }
    to.speak_with(*found);
    return {};
}

error_code station_set::open_mouth(asio::ip::address const& group)
{
    auto fresh = std::make_shared<send::mouth>(executor_, group);
    auto const ec = fresh->open(config_.unicast_port, config_.hop_limit);
    if (!ec)
        mouths_.push_back(std::move(fresh));
    return ec == asio::error::address_in_use ? error_code(error::unicast_ports_taken) : ec;
}

/// Where what is sent to us alone arrives on this link, in one IP version.
net::port_type station_set::unicast_port(unsigned link_index, bool v4) const
{
    for (auto const& each : stations_)
        if (each->link() == link_index && each->is_v4() == v4)
            return each->unicast_port();
    return 0;
}

void station_set::close()
{
    for (auto const& each : stations_)
        each->close();
    for (auto const& each : mouths_)
        each->close();
    stations_.clear();
    mouths_.clear();
    links_.clear();
    in_use_.clear();
    obstacles_.clear();
    reports_.clear();
    port_ = 0;
}

std::vector<net::group> station_set::groups() const
{
    std::vector<net::group> all;
    for (auto const& each : stations_)
        if (std::ranges::find(all, each->group()) == all.end())
            all.push_back(each->group());
    std::ranges::sort(all, {}, [](auto const& group) { return group.address.is_v6(); });
    return all;
}

carrier::tally station_set::send(outgoing const& datagram, time_point now)
{
    carrier::tally result;
    for (auto const& where : stations_) {
        if (where->link() != datagram.link || !goes_by(datagram, where->is_v4()))
            continue;
        auto const bytes = asio::buffer(datagram.bytes);
        error_code ec;
        if (datagram.to) {
            where->answer(datagram, ec);
        } else {
            where->say(bytes, where->group().port, ec);
            where->health.said(ec, now);
        }
        ++(ec ? result.failed : result.sent);
        for (auto const port : datagram.ports) {
            where->say(bytes, port, ec);
            ++(ec ? result.failed : result.sent);
        }
    }
    return result;
}

} // namespace rollcast::detail
