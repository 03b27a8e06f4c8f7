// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/link.hpp"

#include <vector>

namespace rollcast::detail {

/// The addresses of one instance on one link.
struct presence {
    link const* where;
    std::vector<asio::ip::address> addresses{};
};

/// All addresses of an instance, each once and fit for use on this host, best first: those that
/// everybody can use before link-local ones, then those in a subnet of ours, then IPv4, then this
/// host's own.
std::vector<asio::ip::address> best_first(std::vector<presence> const& presences);

bool is_loopback(link const& where);

} // namespace rollcast::detail
