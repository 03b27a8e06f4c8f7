// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <memory>
#include <vector>

namespace rollcast::os {

result<std::vector<net::interface_info>> list_interfaces();

/// The index of the interface the routing table sends the group to.
result<unsigned> route_interface(asio::ip::address const& destination);

/// A source of reports about interfaces and addresses.
class interface_reports {
public:
    explicit interface_reports(asio::any_io_executor executor);
    ~interface_reports();

    asio::any_io_executor get_executor();
    asio::awaitable<void> wait(); ///< Completes when at least one report has come; takes them all.
    void close();

private:
    struct socket;
    std::unique_ptr<socket> socket_;
};

} // namespace rollcast::os
