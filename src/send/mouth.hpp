// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "detail/turn.hpp"
#include "os/owned_socket.hpp"

#include <rollcast/error.hpp>
#include <rollcast/net/group.hpp>
#include <rollcast/net/network_interface.hpp>
#include <rollcast/net/port_range.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <cstddef>

namespace rollcast::send {

/// One socket that speaks on every link in one IP version, and hears what is sent to any address of
/// this host. A publication has one group and one way out; who works on many links would need one
/// of them for each.
///
/// A link on which nothing moves on keeps the send buffer full, and would silence the others. So an
/// interface for which there was no room gets a socket of its own for what is said there, which
/// has the same port and hears nobody.
///
/// Threads: `say`, `limit_hops` and `forget` from any, one at a time; the rest from the executor.
class mouth {
public:
    /// @param group  One of those it will speak to, and of their IP version.
    mouth(asio::any_io_executor executor, asio::ip::address group);

    /// On the first port of the range that nobody has. Errors: `address_in_use`, or the system's.
    error_code open(net::port_range ports, int hop_limit);
    void close() noexcept; ///< For good; ends what waits.

    bool speaks(bool v4) const noexcept { return group_.is_v4() == v4; }
    net::port_type port() const noexcept { return port_; }

    /// As whom to speak to this group on this interface: an address of it, or unspecified where the
    /// kernel is to choose. Errors: `no_loopback_route`, or the system's where nothing leads there.
    static result<asio::ip::address> way_to(net::group const& group,
                                            net::interface_info const& interface);

    /// Sends one datagram by this interface, to a group or a host.
    /// @param from  Unspecified: any address of the interface that serves; so it is where an
    /// address was given and is gone.
    /// Errors: `network_down` where it stays on this host though it is for others, or the system's.
    error_code say(asio::const_buffer payload, asio::ip::udp::endpoint const& to,
                   asio::ip::address const& from, unsigned interface_index) noexcept;

    /// How far goes what is said to groups from now on; 0 reaches this host alone.
    error_code limit_hops(int hop_limit) noexcept;

    /// Nothing will be said by this interface any more.
    void forget(unsigned interface_index) noexcept;

    struct heard {
        std::size_t bytes = 0;
        asio::ip::udp::endpoint source{};
        asio::ip::address destination{}; ///< Of this host.
        unsigned interface_index = 0;    ///< By which it came in.
    };

    /// Waits for what somebody sends to this host alone; what is longer than the storage loses its
    /// end. Errors: `operation_aborted` when it is closed, or the socket's.
    asio::awaitable<heard> hear(asio::mutable_buffer storage);

    bool is_heard = false; ///< By a coroutine that waits for what comes, and is begun once.

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
    os::native_socket handle_ = -1; ///< For those who speak meanwhile.
    net::port_type port_ = 0;
    int hop_limit_ = 1;
    detail::turn turn_;
    std::array<side_way, 4> side_ways_{}; ///< Of interfaces for which there was no room lately.
    std::size_t oldest_side_way_ = 0;     ///< The next one takes its place.
};

} // namespace rollcast::send
