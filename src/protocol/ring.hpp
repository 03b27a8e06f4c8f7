// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace rollcast::detail {

/// The neighbours on the ring of a link. Everybody beats to the two that follow and watches the two
/// before. Who has not proven itself is watched in addition but not relied upon.
class ring {
public:
    static constexpr std::size_t watchers = 2; // k
    static constexpr std::size_t strangers = 32;
    static constexpr std::size_t longest_walk = 256;

    using condition = std::function<bool(roster_entry const&)>;

    /// The ones before it, until as many as are wanted are relied upon. Those set aside are left
    /// out, but may count: whoever is beyond them and needs us says so.
    static std::vector<member_ptr> predecessors(roster& members, std::uint64_t position,
                                                link const& on, condition const& is_reliable,
                                                std::size_t wanted, bool asides_count);

    /// How many members, up to `watchers`, stand between this position and the other, clockwise.
    static std::size_t rank(roster& members, std::uint64_t from, std::uint64_t to);
};

/// Whether the two have an IP version in common.
bool can_hear(member const& who, link const& on) noexcept;

} // namespace rollcast::detail
