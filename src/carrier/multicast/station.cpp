// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/station.hpp"

#include "carrier/multicast/interface_choice.hpp"

#include <utility>

namespace rollcast::detail {
namespace {

subscription_config ear_config(net::group const& group, unsigned link)
{
    auto config = subscription_config::any_source(group);
    config.interfaces.emplace_back(link);
    config.metadata = metadata_mask::none;
    config.renewal_interval = {}; // the chart hears itself there, and renews by its own clock
    return config;
}

} // namespace

station::station(asio::any_io_executor const& executor, net::group const& meeting_place,
                 net::interface_info where, station_health state)
    : ear(executor, ear_config(meeting_place, where.index)),
      health(state),
      group_(meeting_place),
      interface_(std::move(where))
{
}

error_code station::open()
{
    error_code ec;
    ear.join(ec);
    if (ec)
        return ec;
    auto const source = send::mouth::way_to(group_, interface_);
    if (source)
        source_ = *source;
    return source ? ec : source.error();
}

void station::close() noexcept
{
    ear.close();
}

void station::follow(net::interface_info const& now)
{
    interface_ = now;
    if (!is_v4() || now.has(source_))
        return;
    auto const other = send::mouth::way_to(group_, now);
    source_ = other ? *other : asio::ip::address();
}

void station::say(asio::const_buffer payload, net::port_type port, error_code& ec)
{
    ec = mouth_->say(payload, {group_.address, port}, source_, link());
}

/// Where only the own ear is in doubt, all other hosts would receive what is for it, for as long as
/// that lasts: so it stays on this host. But what stays on this host may pass where nothing can
/// leave it.
void station::try_group(int hop_limit, error_code& ec)
{
    if (health.cannot_speak()) {
        say({}, group_.port, ec);
        return;
    }
    ec = mouth_->limit_hops(0);
    if (!ec)
        say({}, group_.port, ec);
    auto const failed = mouth_->limit_hops(hop_limit);
    if (!ec)
        ec = failed;
}

bool station::is_own_try(std::span<std::byte const> datagram, endpoint const& from) const
{
    return datagram.empty() && from.port() == unicast_port() && interface_.has(from.address());
}

void station::answer(outgoing const& datagram, error_code& ec)
{
    ec = mouth_->say(asio::buffer(datagram.bytes), {datagram.to->address(), datagram.to->port()},
                     datagram.from, link());
}

std::vector<net::group> meeting_places(chart_config const& config,
                                       net::interface_info const& interface, net::port_type port)
{
    std::vector<net::group> places;
    if (config.group_v4 && has_address(interface, true))
        places.emplace_back(*config.group_v4, port);
    if (config.group_v6 && has_address(interface, false))
        places.emplace_back(*config.group_v6, port);
    return places;
}

} // namespace rollcast::detail
