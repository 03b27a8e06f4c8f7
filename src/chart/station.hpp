// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/station_health.hpp"
#include "protocol/link.hpp"

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/receive/subscription.hpp>
#include <rollcast/send/publication.hpp>

#include <memory>
#include <span>
#include <vector>

namespace rollcast::detail {

/// As the protocol names it.
inline endpoint endpoint_of(asio::ip::udp::endpoint const& socket_address)
{
    return {socket_address.address(), socket_address.port()};
}

/// One link in one IP version: an ear on the group's shared port, and a mouth with a port of its
/// own. Everything is said from that port, because unicast to a shared port reaches any of the
/// sockets that share it.
struct station {
    station(asio::any_io_executor const& executor, chart_config const& config,
            net::group const& meeting_place, unsigned link_index);

    /// `unicast_ports_taken` where all ports of the configuration have owners.
    error_code open();
    /// Sends to one host, from the address that was asked if it is still there.
    void answer(outgoing const& datagram, error_code& ec);
    /// Says nothing to the group, to see whether that is heard, or can be said now.
    void try_group(error_code& ec);
    /// Whether a reply came by this link, where its source tells: the mouth hears at all addresses.
    bool is_from_here(reply const& heard) const noexcept;
    /// Whether the address its datagrams leave from is still one of the interface's.
    bool still_speaks_for(net::interface_info const& interface) const;
    void close() noexcept; ///< Ends what is pending on any of them.

    unsigned link;
    net::group group;
    subscription ear;
    publication mouth;
    station_health health;
    error_code told{};     ///< Of its troubles.
    bool attended = false; ///< Somebody listens.

private:
    error_code open_mouth();

    chart_config const& config_;
};

/// The groups to meet in on this interface: one for each IP version it has an address of.
std::vector<net::group> meeting_places(chart_config const& config,
                                       net::interface_info const& interface, net::port_type port);

} // namespace rollcast::detail
