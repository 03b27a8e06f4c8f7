// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

/// What the kernel's routing socket tells, in the older ways: where a program may not open one, as
/// under `RestrictAddressFamilies` of systemd, or may not use it, as on Android. They tell a little
/// less: of IPv4 addresses not whether they are deprecated.
namespace rollcast::os::without_netlink {

/// What it says to those who may not use it.
bool is_denied(error_code const& ec) noexcept;

result<std::vector<net::interface_info>> list_interfaces();
result<unsigned> route_interface(asio::ip::address const& destination,
                                 std::string const& device = {});
std::vector<unsigned> default_route_interfaces();

} // namespace rollcast::os::without_netlink
