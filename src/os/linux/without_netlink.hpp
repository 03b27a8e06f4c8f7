// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

/// What the kernel's routing socket tells, in older ways: for a program that may not open such a
/// socket, as under `RestrictAddressFamilies` of systemd, or may not use it, as on Android. The
/// older ways tell a little less: of IPv4 addresses not whether they are deprecated.
namespace rollcast::os::without_netlink {

/// Whether the error says that this program may not use a routing socket.
bool is_denied(error_code const& ec) noexcept;

result<std::vector<net::interface_info>> list_interfaces();
result<unsigned> route_interface(asio::ip::address const& destination,
                                 std::string const& device = {});
std::vector<unsigned> default_route_interfaces();

} // namespace rollcast::os::without_netlink
