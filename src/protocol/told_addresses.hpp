// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <span>
#include <vector>

namespace rollcast::detail {

/// Which of our addresses on a link our record tells, as many as it may have: one lasting address
/// of each kind first (IPv4, link-local, other IPv6), then the other lasting ones, in the order of
/// the system. Temporary ones come last, and only where no lasting one has their prefix; deprecated
/// ones are told where there is nothing else. Addresses that come and go would make every chart
/// change with them.
std::vector<asio::ip::address> told_addresses(std::span<net::interface_address const> ours);

} // namespace rollcast::detail
