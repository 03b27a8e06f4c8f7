// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/subscription_config.hpp>

#include <optional>
#include <vector>

namespace rollcast::receive {

/// The interfaces the configuration names, each once; empty if it leaves the choice open.
result<std::vector<net::interface_info>> named_interfaces(subscription_config const& config);

/// The interfaces to join on: those named, else the one the routing table chooses.
result<std::vector<net::interface_info>> interfaces_to_join(subscription_config const& config);

/// What to bind for a group on these interfaces.
asio::ip::udp::endpoint bind_endpoint(net::group const& group,
                                      std::vector<net::interface_info> const& interfaces);

/// One membership of the kernel's: an interface, and a source or any.
struct membership {
    unsigned interface_index;
    std::optional<asio::ip::address> source;
};

std::vector<membership> memberships(subscription_config const& config,
                                    std::vector<net::interface_info> const& interfaces);

} // namespace rollcast::receive
