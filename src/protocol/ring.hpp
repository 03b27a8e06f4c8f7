// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/registry.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace rollcast::detail {

/// The neighbours on the ring of a link. Every member beats to the two members that follow it, and
/// watches the two before it. A member that has not proven itself is watched in addition, but not
/// relied upon.
class ring {
public:
    /// So many watch each member: where one of them fails with it, the other one tells.
    static constexpr std::size_t watchers = 2;
    /// Unproven members among those watched: forged ids take no more of our attention.
    static constexpr std::size_t strangers = 32;
    /// Members looked at for one choice, whatever the state of the chart.
    static constexpr std::size_t longest_walk = 256;

    using condition = std::function<bool(roster_entry const&)>;

    /// The members before this position, until as many as are wanted are relied upon. Those set
    /// aside are left out, but may count as relied upon: a member beyond them that needs us says
    /// so.
    static std::vector<member_ptr> predecessors(roster& members, std::uint64_t position,
                                                link const& on, condition const& is_reliable,
                                                std::size_t wanted, bool asides_count);

    /// How many members stand on the way up the ring from one position to the other. It stops
    /// counting at three, since no attempt of a HELLO asks for more.
    static std::size_t rank(roster& members, std::uint64_t from, std::uint64_t to);
};

/// Whether an address of the member can be reached from the link: in an IP version of the link, and
/// no loopback address but on `lo`.
bool can_hear(member const& who, link const& on) noexcept;

} // namespace rollcast::detail
