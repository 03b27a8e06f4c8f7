// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/receive_socket.hpp"

#include <rollcast/receive/membership_event.hpp>
#include <rollcast/receive/subscription_config.hpp>

#include <functional>
#include <span>
#include <vector>

namespace rollcast::receive {

/// The sockets of a subscription and the memberships they hold.
///
/// One socket serves all interfaces, but for IPv6 groups of link-local scope: Linux binds those to
/// one link, and the wildcard instead would take unicast from other programs. There each interface
/// has a socket of its own.
class group_sockets {
public:
    struct bound_socket {
        os::owned_socket handle;
        asio::ip::udp::endpoint endpoint;
        std::uint32_t dropped = 0; ///< By this socket, as far as the kernel told.
    };

    /// An interface to be a member on.
    struct link {
        net::interface_info interface;
        std::size_t socket; ///< Which one holds the membership.
        bool is_member = false;
    };

    /// Takes over a socket of the caller's, which stays bound as it is. On failure it stays his.
    error_code adopt(subscription_config const& config, os::native_socket socket);

    error_code join(subscription_config const& config);
    void leave(subscription_config const& config);

    /// Acts on what happened to interfaces: tells what was lost, and joins what is there again.
    using listener = std::function<void(membership_change, net::interface_info const&)>;
    void repair(subscription_config const& config, std::vector<unsigned> const& removed,
                listener const& tell);

    error_code add_source(asio::ip::address const& group, asio::ip::address const& source);
    void drop_source(asio::ip::address const& group, asio::ip::address const& source);
    error_code block(asio::ip::address const& group, asio::ip::address const& source);
    void unblock(asio::ip::address const& group, asio::ip::address const& source);

    std::span<bound_socket> sockets() noexcept { return sockets_; }
    std::span<bound_socket const> sockets() const noexcept { return sockets_; }
    std::span<link const> links() const noexcept { return links_; }

    bool is_member_on(unsigned interface_index) const noexcept;

    /// What the kernel has now, which may be less than `repair` was told of.
    std::vector<net::interface_info> joined_interfaces() const;

    std::uint64_t dropped() const noexcept;

    std::vector<bound_socket> release(); ///< Hands the sockets out as they are.

private:
    error_code open(subscription_config const& config, std::vector<net::interface_info> where);
    error_code open_one(subscription_config const& config, asio::ip::udp::endpoint const& endpoint,
                        bound_socket& into);
    error_code join_link(subscription_config const& config, link& where);
    void leave_link(subscription_config const& config, link& where);
    error_code rejoin(subscription_config const& config, link& where, unsigned index);
    os::native_socket socket_of(link const& where) const noexcept;
    void retire(bound_socket& socket) noexcept;

    std::vector<bound_socket> sockets_;
    std::vector<link> links_;
    bool adopted_ = false;
    std::uint64_t dropped_before_ = 0; ///< By sockets that are closed.
};

} // namespace rollcast::receive
