// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>

// For tests of parts of the protocol, without a network.

namespace rollcast::test {

inline identity someone(std::uint64_t id, std::uint8_t life = 1)
{
    return {id, {{life}}, 1000};
}

/// A chart that is never full.
struct room_for_all final : detail::census {
    bool has_room(std::uint64_t, bool) const override { return true; }
};

} // namespace rollcast::test
