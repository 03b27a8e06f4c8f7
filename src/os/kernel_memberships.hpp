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
    /// Of one IP version, in the network namespace of that socket. Nothing is known where the
    /// calling thread is in another one, or the system does not show the list.
    kernel_memberships(native_socket socket, bool v4);

    /// Whether it is known not to be there.
    bool lacks(unsigned interface_index, asio::ip::address const& group) const;

    /// How many memberships of sockets, of all programs, hold the group there, as far as known.
    unsigned holders(unsigned interface_index, asio::ip::address const& group) const;

    /// By which version of IGMP routers ask there; 3 where none does, and for IPv6. Who leaves
    /// where it is an older one may be cut off until the report of who joins again, which comes
    /// within ten seconds.
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
