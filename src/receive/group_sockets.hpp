// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/receive_socket.hpp"

#include <rollcast/receive/subscription_config.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace rollcast::receive {

/// The sockets of a subscription and the memberships they hold.
///
/// Each link has a socket of its own, bound to the group and to the link, so that what floods
/// another link takes no room in its queue; and further ones where a group has more sources than
/// the kernel takes for one socket. A socket that was adopted serves all links, as far as it can.
class group_sockets {
public:
    static constexpr std::size_t every_link = std::numeric_limits<std::size_t>::max();

    struct bound_socket {
        os::owned_socket handle;
        asio::ip::udp::endpoint endpoint;
        asio::ip::address address{};   ///< Of `endpoint`, without the scope id of this host.
        std::size_t link = every_link; ///< The link the socket is for, as a place in `links`.
        unsigned bound_to = 0;         ///< The only interface that the socket hears, 0 for all.
        /// The socket may hear more than the group on its link, since it is adopted or could not
        /// be bound to both; only then the kernel tells where a datagram went and came in.
        bool hears_others = true;
        std::uint32_t dropped = 0; ///< Datagrams, by this socket, as far as the kernel told.

        bool is_heard = false; ///< Something of the group came, since the last reminder.

        bool serves(std::size_t number) const noexcept
        {
            return link == every_link || link == number;
        }
    };

    /// An interface to be a member on.
    struct link {
        net::interface_info interface;
        bool is_member = false;
        bool is_unreported = false; ///< The network could not be told; the event is out.
    };

    /// Takes over a socket of the caller's, which stays bound as it is. On failure it stays the
    /// caller's.
    error_code adopt(subscription_config const& config, os::native_socket socket);

    error_code join(subscription_config const& config);
    void leave(subscription_config const& config);

    using listener = std::function<void(membership_change, net::interface_info const&)>;

    /// Acts on what happened to interfaces, memberships and routes: tells what was lost, joins what
    /// is there again, renews what was plugged in, and goes where the routing table sends a group
    /// whose interface the configuration does not name. Returns on how many links it renewed.
    std::size_t repair(subscription_config const& config, std::vector<unsigned> const& removed,
                       listener const& tell);

    /// Has the network told of all memberships once more, since switches forget hosts that no
    /// router asks; returns on how many links it took leaving and joining anew.
    std::size_t renew(subscription_config const& config, listener const& tell);

    /// The same for the links on which nothing was heard since the last call.
    std::size_t renew_silent(subscription_config const& config, listener const& tell);

    error_code add_source(subscription_config const& config, asio::ip::address const& source);
    void drop_source(asio::ip::address const& group, asio::ip::address const& source);

    /// The kernel may have no room for another source to block; that is no error, and the
    /// subscription has to discard its datagrams itself.
    error_code block(asio::ip::address const& group, asio::ip::address const& source);
    void unblock(asio::ip::address const& group, asio::ip::address const& source);

    std::span<bound_socket> sockets() noexcept { return sockets_; }
    std::span<bound_socket const> sockets() const noexcept { return sockets_; }
    std::span<link const> links() const noexcept { return links_; }

    /// Whether what a socket hears may have to be discarded for where it went or came in.
    bool may_hear_others() const noexcept
    {
        return std::ranges::any_of(sockets_, &bound_socket::hears_others);
    }

    bool is_member_on(unsigned interface_index) const noexcept;

    /// Whether what this socket hears of its group comes by a membership of this subscription.
    bool is_member_by(bound_socket const& socket) const noexcept
    {
        return socket.link < links_.size() && links_[socket.link].is_member;
    }

    /// Whether a datagram that this socket heard on that interface comes by a membership of this
    /// subscription.
    bool is_heard_by(bound_socket const& socket, unsigned interface_index) const noexcept;

    /// The interface by which a datagram must have come to this socket, where the kernel does not
    /// say; 0 if there are several.
    unsigned presumed_interface(bound_socket const& socket) const noexcept;

    /// The interfaces that the kernel has the group joined on now: they may be fewer than `repair`
    /// was told of, and before `join` they are those an adopted socket came with.
    std::vector<net::interface_info> joined_interfaces(asio::ip::address const& group) const;

    std::uint64_t dropped() const noexcept;

    std::vector<bound_socket> release(); ///< Hands the sockets out as they are.

private:
    error_code open(subscription_config const& config, std::vector<net::interface_info> where);
    error_code open_one(subscription_config const& config, std::size_t number, bound_socket& into);
    static void note_binding(bound_socket& of, asio::ip::udp::endpoint const& endpoint,
                             unsigned index);
    bool are_open_for(subscription_config const& config) const;
    error_code join_link(subscription_config const& config, std::size_t number);
    error_code join_source(subscription_config const& config, std::size_t number,
                           std::optional<asio::ip::address> const& source);
    error_code join_on(bound_socket const& socket, asio::ip::address const& group, unsigned index,
                       std::optional<asio::ip::address> const& source) const;
    error_code open_further(subscription_config const& config, std::size_t number);
    void leave_link(subscription_config const& config, std::size_t number);
    void mend(subscription_config const& config, std::size_t number, bool is_lost,
              listener const& tell);
    void follow_route(subscription_config const& config, listener const& tell);
    std::size_t renew(subscription_config const& config, std::vector<std::size_t> const& numbers,
                      listener const& tell);
    bool renew_link(subscription_config const& config, std::size_t number, listener const& tell);
    static void tell_unreported(link& where, listener const& tell);
    std::size_t sockets_for(std::size_t number) const noexcept;
    error_code move_to(subscription_config const& config, std::size_t number,
                       net::interface_info const& there);
    void drop_further_sockets(std::size_t number);
    error_code move_socket(subscription_config const& config, bound_socket& socket, unsigned index);
    std::vector<net::interface_info> brought_along(asio::ip::address const& group) const;
    os::native_socket socket_of(std::size_t number) const noexcept;
    void retire(bound_socket& socket) noexcept;

    std::vector<bound_socket> sockets_;
    std::vector<link> links_;
    bool adopted_ = false;
    std::uint64_t dropped_before_ = 0; ///< By sockets that are closed.
};

} // namespace rollcast::receive
