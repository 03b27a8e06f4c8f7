// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/turn.hpp"
#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <cstddef>

namespace rollcast::send {

/// One socket that speaks on every link in one IP version, and hears what is sent to any address of
/// this host. A publication has one group and one way out; a chart that works on many links would
/// need a publication for each.
///
/// A link that carries nothing on keeps the send buffer full, and would silence the other links. So
/// an interface for which the buffer had no room gets a socket of its own for what is said there,
/// which has the same port and hears nothing.
///
/// Threads: `say`, `limit_hops` and `forget` from any, one at a time; the rest from the executor.
class mouth {
public:
    /// @param group  A group that the mouth will speak to; it speaks in the IP version of this one.
    mouth(asio::any_io_executor executor, asio::ip::address group);

    /// Binds to the first port of the range that no other socket has. Errors: `address_in_use`, or
    /// the system's.
    error_code open(net::port_range ports, int hop_limit);
    void close() noexcept; ///< For good; ends a `hear` that waits.

    bool speaks(bool v4) const noexcept { return group_.is_v4() == v4; }
    net::port_type port() const noexcept { return port_; }

    /// The source to speak from to this group on this interface: an address of the interface, or
    /// unspecified where the kernel is to choose. Errors: `no_loopback_route`, or the system's
    /// where no route leads to the group.
    static result<asio::ip::address> way_to(net::group const& group,
                                            net::interface_info const& interface);

    /// Sends one datagram by this interface, to a group or a host.
    /// @param from  Unspecified: any address of the interface that serves. An address that is gone
    /// counts as unspecified.
    /// Errors: `network_down` where the datagram stays on this host though it is for other hosts,
    /// or the system's.
    error_code say(asio::const_buffer payload, asio::ip::udp::endpoint const& to,
                   asio::ip::address const& from, unsigned interface_index) noexcept;

    /// How far datagrams to groups go from now on; 0 reaches this host alone.
    error_code limit_hops(int hop_limit) noexcept;

    /// Closes the interface's own socket: nothing will be said by this interface any more.
    void forget(unsigned interface_index) noexcept;

    struct heard {
        std::size_t bytes = 0;
        asio::ip::udp::endpoint source{};
        asio::ip::address destination{}; ///< The address of this host that the datagram came to.
        unsigned interface_index = 0;    ///< The interface that the datagram came in by.
    };

    /// Waits for a unicast datagram; one that is longer than the storage loses its end. Errors:
    /// `operation_aborted` when the mouth is closed, or the socket's.
    asio::awaitable<heard> hear(asio::mutable_buffer storage);

    bool is_heard = false; ///< A coroutine that calls `hear` was begun, which is done once.

private:
    struct side_way {
        unsigned interface_index = 0;
        os::owned_socket socket{};
    };

    os::native_socket way_to(asio::ip::udp::endpoint const& to,
                             unsigned interface_index) const noexcept;
    error_code open_side_way(asio::ip::udp::endpoint const& to, unsigned interface_index) noexcept;
    error_code send(asio::const_buffer payload, asio::ip::udp::endpoint const& to,
                    asio::ip::address const& from, unsigned interface_index) noexcept;

    asio::ip::udp::socket socket_;
    asio::ip::address group_;
    os::native_socket handle_ = -1; ///< Of `socket_`, for `say` in other threads.
    net::port_type port_ = 0;
    int hop_limit_ = 1;
    detail::turn turn_;
    std::array<side_way, 4> side_ways_{}; ///< Of interfaces that lately found the buffer full.
    std::size_t oldest_side_way_ = 0;     ///< The next side way takes its place.
};

} // namespace rollcast::send
