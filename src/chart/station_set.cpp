// SPDX-License-Identifier: BSL-1.0
#include "chart/station_set.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
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

} // namespace

station_set::station_set(asio::any_io_executor executor, chart_config const& config)
    : executor_(std::move(executor)), config_(config)
{
}

error_code station_set::refresh(bool at_first)
{
    auto const interfaces = chosen_interfaces(config_);
    if (!interfaces)
        return interfaces.error();
    if (auto const ec = refresh_stations(*interfaces, at_first))
        return ec;
    links_.clear();
    names_.clear();
    for (auto const& each : *interfaces) {
        if (std::ranges::find(stations_, each.index, &station::link) == stations_.end())
            continue;
        links_.push_back({each.index, each.addresses, mouth_port(each.index, true),
                          mouth_port(each.index, false)});
        names_.push_back(each.name);
    }
    return {};
}

error_code station_set::refresh_stations(std::vector<net::interface_info> const& interfaces,
                                         bool at_first)
{
    stations wanted;
    error_code obstacle = error::no_usable_interface;
    for (auto const& interface : interfaces) {
        for (auto const& group : meeting_places(config_, interface)) {
            auto where = kept(interface, group);
            auto const ec = where ? error_code{} : open(interface, group, where);
            // A taken port concerns every link; anything else only this one, for now.
            if (ec == asio::error::address_in_use && at_first)
                return ec;
            if (ec)
                obstacle = ec;
            else
                wanted.push_back(std::move(where));
        }
    }
    if (wanted.empty() && at_first)
        return obstacle;
    std::swap(stations_, wanted);
    for (auto const& each : wanted)
        if (std::ranges::find(stations_, each) == stations_.end())
            each->close();
    return {};
}

/// The station there is already, if it can still speak.
std::shared_ptr<station> station_set::kept(net::interface_info const& interface,
                                           net::group const& group) const
{
    auto const found = std::ranges::find_if(stations_, [&](auto const& each) {
        return each->link == interface.index && each->group == group &&
               each->still_speaks_for(interface);
    });
    return found == stations_.end() ? nullptr : *found;
}

error_code station_set::open(net::interface_info const& interface, net::group const& group,
                             std::shared_ptr<station>& into) const
{
    into = std::make_shared<station>(executor_, config_, group, interface.index);
    return into->open();
}

/// Where what is sent to us alone arrives on this link, in one IP version.
net::port_type station_set::mouth_port(unsigned link_index, bool v4) const
{
    for (auto const& each : stations_)
        if (each->link == link_index && each->group.address.is_v4() == v4)
            return each->mouth.local_endpoint().port();
    return 0;
}

void station_set::close()
{
    for (auto const& each : stations_)
        each->close();
    stations_.clear();
    links_.clear();
    names_.clear();
}

std::vector<net::group> station_set::groups() const
{
    std::vector<net::group> all;
    for (auto const& each : stations_)
        if (std::ranges::find(all, each->group) == all.end())
            all.push_back(each->group);
    std::ranges::sort(all, {}, [](auto const& group) { return group.address.is_v6(); });
    return all;
}

station_set::tally station_set::send(outgoing const& datagram)
{
    tally result;
    for (auto const& where : stations_) {
        if (where->link != datagram.link || !goes_by(datagram, where->group.address.is_v4()))
            continue;
        error_code ec;
        if (datagram.to)
            where->mouth.try_send_to(*datagram.to, asio::buffer(datagram.bytes), ec);
        else
            where->mouth.try_send(asio::buffer(datagram.bytes), ec);
        ++(ec ? result.failed : result.sent);
    }
    return result;
}

} // namespace rollcast::detail
