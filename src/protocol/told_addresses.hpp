// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <span>
#include <vector>

namespace rollcast::detail {

/// Which of our addresses on a link others are told, as many as a record may have: one of each kind
/// first (IPv4, link-local, other IPv6), then the other lasting ones, in the order of the system.
/// Temporary ones come last, and only where no lasting one has their prefix; deprecated ones are
/// told where there is nothing else. What comes and goes would make every chart change with it.
std::vector<asio::ip::address> told_addresses(std::span<net::interface_address const> ours);

} // namespace rollcast::detail
