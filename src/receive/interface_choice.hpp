// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/subscription_config.hpp>

#include <vector>

namespace rollcast::receive {

/// The interfaces the configuration names, each once; empty if it names none. For a
/// group of link-local scope the only link of the machine need not be named.
result<std::vector<net::interface_info>> named_interfaces(subscription_config const& config);

/// The interfaces to join on: those named, else the one the routing table chooses.
result<std::vector<net::interface_info>> interfaces_to_join(subscription_config const& config);

/// Whether the configuration names no interface, so that the routing table has the choice.
bool is_chosen_by_route(subscription_config const& config);

} // namespace rollcast::receive
