// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "carrier/multicast/station_health.hpp"
#include "protocol/link.hpp"
#include "send/mouth.hpp"

#include <rollcast/chart/chart_config.hpp>
#include <rollcast/receive/subscription.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace rollcast::detail {

/// As the protocol names it.
inline endpoint endpoint_of(asio::ip::udp::endpoint const& socket_address)
{
    return {socket_address.address(), socket_address.port()};
}

/// One link in one IP version: an ear of its own on the group's shared port, and the mouth of all
/// links. Everything is said from the mouth's port, because unicast to a shared port reaches any of
/// the sockets that share it.
class station {
public:
    station(asio::any_io_executor const& executor, net::group const& meeting_place,
            net::interface_info where, station_health state);

    /// Joins the group, and looks for the way to it.
    error_code open();
    /// Everything is said by this mouth from now on.
    void speak_with(std::shared_ptr<send::mouth> const& mouth) { mouth_ = mouth; }
    void close() noexcept; ///< Ends what is pending on its ear.

    /// The interface as it is now.
    void follow(net::interface_info const& now);

    unsigned link() const noexcept { return interface_.index; }
    net::group const& group() const noexcept { return group_; }
    bool is_v4() const noexcept { return group_.address.is_v4(); }
    net::port_type unicast_port() const noexcept { return mouth_->port(); }

    /// Sends to the group, on its port or another one.
    void say(asio::const_buffer payload, net::port_type port, error_code& ec);
    /// Sends to one host, from the address that was asked if it is still there.
    void answer(outgoing const& datagram, error_code& ec);
    /// Says nothing to the group, to see whether that is heard, or can be said now.
    void try_group(int hop_limit, error_code& ec);
    /// Whether a datagram that was heard is one that `try_group` has sent by this station.
    bool is_own_try(std::span<std::byte const> datagram, endpoint const& from) const;

    subscription ear;
    station_health health;
    error_code told{};     ///< The trouble that was told last; none: it is well.
    bool attended = false; ///< A coroutine listens to `ear`.

private:
    net::group group_;
    net::interface_info interface_;
    asio::ip::address
        source_{}; ///< Of what is said to the group; unspecified: the kernel's choice.
    std::shared_ptr<send::mouth> mouth_;
};

/// The groups to meet in on this interface: one for each IP version it has an address of.
std::vector<net::group> meeting_places(chart_config const& config,
                                       net::interface_info const& interface, net::port_type port);

} // namespace rollcast::detail
