// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "chart/clock.hpp"
#include "chart/link.hpp"

#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// How one instance is reached over one link.
struct presence {
    unsigned link = 0;
    std::vector<asio::ip::address> addresses{};
    asio::ip::udp::endpoint unicast{}; ///< Where its last datagram came from; answers go there.
    time_point heard{};
    std::uint8_t answered_attempt = 0; ///< The last hello of a newcomer we answered here.
};

/// All addresses of an instance, each once and fit for use on this host, best first: those that
/// everybody can use before link-local ones, then those in a subnet of ours, then IPv4, then this
/// host's own.
std::vector<asio::ip::address> best_first(std::vector<presence> const& presences,
                                          std::vector<link> const& links);

bool is_loopback(unsigned link_index, std::vector<link> const& links);

} // namespace rollcast::detail
