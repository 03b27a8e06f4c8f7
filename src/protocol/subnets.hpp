// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/network_interface.hpp>

#include <span>

namespace rollcast::detail {

using own_addresses = std::span<net::interface_address const>;

bool is_link_local(asio::ip::address const& address) noexcept;

/// Whether the address is in a subnet of ours, so that no router is needed.
bool is_in_subnet(asio::ip::address const& address, own_addresses ours) noexcept;

/// How many leading bits the address has in common with that of our addresses which is most like
/// it.
unsigned common_prefix(asio::ip::address const& address, own_addresses ours) noexcept;

} // namespace rollcast::detail
