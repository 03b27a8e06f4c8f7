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

/// All addresses of an instance, each once and fit for use on this host, best first: those in a
/// subnet of ours, then link-local ones, then those that were seen to work, then the rest, those
/// most like our own first; of equals those that were seen to work, IPv4, and this host's own come
/// first. Where another one is left, what was asked in vain comes last.
std::vector<asio::ip::address> best_first(std::vector<presence> const& presences);
std::vector<asio::ip::address> best_first(presence const& on_one_link);

/// Whether these are the same, in whatever order.
bool same_addresses(std::vector<asio::ip::address> a, std::vector<asio::ip::address> b);

} // namespace rollcast::detail
