// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/link.hpp"
#include "protocol/sightings.hpp"

#include <vector>

namespace rollcast::detail {

/// The addresses of one instance on one link.
struct presence {
    link const* where;
    std::vector<known_address> addresses{};
};

/// All addresses of an instance, each once and fit for use on this host, best first: addresses in a
/// subnet of ours, then link-local ones, then others that were seen to work, then the rest. Of
/// equals those that were seen to work come first, then IPv4, then loopback, then those most like
/// an address of ours. Addresses that were asked in vain come after all others.
std::vector<asio::ip::address> best_first(std::vector<presence> const& presences);
std::vector<asio::ip::address> best_first(presence const& on_one_link);

/// Whether both have the same addresses, in whatever order.
bool same_addresses(std::vector<asio::ip::address> a, std::vector<asio::ip::address> b);

} // namespace rollcast::detail
