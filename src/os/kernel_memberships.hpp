// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <boost/asio/ip/address.hpp>

#include <vector>

namespace rollcast::os {

/// Which groups the kernel has joined on which interface, for all programs together: its own list,
/// of one moment. A socket keeps its membership where the kernel has dropped it from the interface,
/// as it does with IPv6 when the MTU falls below 1280.
class kernel_memberships {
public:
    /// Reads the list of one IP version, in the network namespace of that socket. Nothing is known
    /// where the calling thread is in another namespace, or the system does not show the list.
    kernel_memberships(native_socket socket, bool v4);

    /// Whether the interface is known not to be a member of the group.
    bool lacks(unsigned interface_index, asio::ip::address const& group) const;

    /// How many sockets, of all programs, hold the group on the interface, as far as known.
    unsigned holders(unsigned interface_index, asio::ip::address const& group) const;

    /// By which version of IGMP routers ask on the interface; 3 where no router asks, and for IPv6.
    /// With an older version a socket that leaves and joins again may be cut off until its new
    /// report, which comes within ten seconds.
    int igmp_version_on(unsigned interface_index) const;

private:
    struct entry {
        unsigned interface_index;
        asio::ip::address group;
        unsigned holders;
    };

    entry const* find(unsigned interface_index, asio::ip::address const& group) const;
    void read_ipv4();
    void read_ipv6();

    bool known_ = false;
    std::vector<entry> entries_;
    struct old_way {
        unsigned interface_index;
        int igmp_version;
    };

    std::vector<old_way> asked_in_old_ways_;
};

} // namespace rollcast::os
