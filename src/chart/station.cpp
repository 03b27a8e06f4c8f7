// SPDX-License-Identifier: BSL-1.0
#include "chart/station.hpp"

#include "chart/interface_choice.hpp"
#include "protocol/subnets.hpp"

#include <boost/asio/error.hpp>

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

publication_config mouth_config(chart_config const& config, net::group const& group, unsigned link,
                                net::port_type port)
{
    publication_config result;
    result.group = group;
    result.interface = net::network_interface(link);
    result.hop_limit = config.hop_limit;
    result.source_port = port;
    result.replies = true;
    // Its record tells all addresses of the link.
    result.replies_at_any_address = true;
    return result;
}

} // namespace

station::station(asio::any_io_executor const& executor, chart_config const& config,
                 net::group const& meeting_place, unsigned link_index)
    : link(link_index),
      group(meeting_place),
      ear(executor, ear_config(meeting_place, link_index)),
      mouth(executor, mouth_config(config, meeting_place, link_index, config.unicast_port.first)),
      health(config.detection_time / 4),
      config_(config)
{
}

error_code station::open()
{
    error_code ec;
    ear.join(ec);
    return ec ? ec : open_mouth();
}

/// On the first port of the range that nobody has on this address.
error_code station::open_mouth()
{
    auto const& ports = config_.unicast_port;
    error_code ec;
    mouth.open(ec);
    for (int port = ports.first + 1; ec == asio::error::address_in_use && port <= ports.last;
         ++port) {
        mouth = publication(mouth.get_executor(),
                            mouth_config(config_, group, link, static_cast<net::port_type>(port)));
        mouth.open(ec);
    }
    return ec == asio::error::address_in_use ? error_code(error::unicast_ports_taken) : ec;
}

/// Where only the own ear is in doubt, all others would receive what is for it, for as long as that
/// lasts. But what stays on this host may pass where nothing can leave it.
void station::try_group(error_code& ec)
{
    if (health.cannot_speak()) {
        mouth.try_send(asio::const_buffer(), ec);
        return;
    }
    mouth.set_hop_limit(0, ec);
    if (ec)
        return;
    mouth.try_send(asio::const_buffer(), ec);
    error_code failed;
    mouth.set_hop_limit(config_.hop_limit, failed);
    if (!ec)
        ec = failed;
}

void station::answer(outgoing const& datagram, error_code& ec)
{
    asio::ip::udp::endpoint const to(datagram.to->address(), datagram.to->port());
    auto const bytes = asio::buffer(datagram.bytes);
    mouth.try_send_to(to, datagram.from, bytes, ec);
    if (ec && !datagram.from.is_unspecified())
        mouth.try_send_to(to, asio::ip::address(), bytes, ec);
}

bool station::is_from_here(reply const& heard) const noexcept
{
    auto const address = heard.source.address();
    return !is_link_local(address) || address.to_v6().scope_id() == link;
}

bool station::still_speaks_for(net::interface_info const& interface) const
{
    return interface.has(mouth.local_endpoint().address());
}

void station::close() noexcept
{
    ear.close();
    mouth.close();
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
