// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "os/owned_socket.hpp"

#include <rollcast/net/network_interface.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rollcast::os {

result<std::vector<net::interface_info>> list_interfaces();

/// The index of the interface that the routing table sends the group to: by the routing table of
/// the device, such as a VRF, where a device is named.
result<unsigned> route_interface(asio::ip::address const& destination,
                                 std::string const& device = {});

/// The indices of the interfaces that default routes lead to, in either IP version; some twice.
result<std::vector<unsigned>> default_route_interfaces();

/// What an interface is called and numbered in the network namespace of a socket; empty and 0 if
/// the namespace has no such interface.
std::string interface_name(native_socket socket, unsigned index);
unsigned interface_index(native_socket socket, std::string const& name) noexcept;

/// Whether datagrams can pass by that interface: it is up, and has a carrier (a cable is plugged
/// in, or what is like that).
bool can_carry(native_socket socket, std::string const& name) noexcept;

/// What the kernel is to report besides interfaces and addresses.
struct report_topics {
    bool routes = false;
    bool queues = false; ///< Egress queues.
};

/// An egress queue (a queueing discipline of traffic control) that came or went.
struct queue_change {
    unsigned interface_index = 0;
    std::uint32_t handle = 0; ///< Tells the queues of an interface apart.
    bool cuts_runs = false;   ///< The queue came, and is of a kind that cuts runs.
};

/// What several reports come to together.
struct report_summary {
    bool any = false; ///< Something changed of interfaces, addresses or routes.
    std::vector<queue_change> queues{};
    std::vector<unsigned>
        removed{};         ///< Interfaces that went, though their index may be in use again.
    bool reminder = false; ///< The interval that the inbox asked for is over.
};

/// The handles of those egress queues of an interface that cut runs of datagrams themselves. Such
/// a queue may drop a part of a run and call it sent.
std::vector<std::uint32_t> cutting_queues(unsigned interface_index);

/// A source of reports about interfaces and addresses; where the system denies reports, one is made
/// up every five seconds.
class interface_reports {
public:
    explicit interface_reports(asio::any_io_executor executor);
    ~interface_reports();

    asio::any_io_executor get_executor();
    asio::awaitable<void> wait(); ///< Completes when at least one report has come; takes them all.
    void close();

private:
    struct source;
    std::unique_ptr<source> source_;
};

} // namespace rollcast::os
