// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/own_past.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// Which of our links are on one wire, or are joined by something that repeats what is said on one
/// of them on the other. We know that by hearing on one link what we have said on another.
class shared_wires {
public:
    static constexpr std::size_t capacity = 256; ///< Pairs of links.
    /// Two links are on one wire until more than so many multicasts in a row, said on one, were not
    /// heard on the other. At rest that takes minutes; with fewer, the several that are said at a
    /// start or a change before the first one is heard would end it.
    static constexpr std::size_t most_unheard = 8;

    /// Our datagram of this counter, said on one link, was heard on another one. Gives whether it
    /// is new that these are on one wire.
    bool hear(unsigned on, unsigned said_on, std::uint64_t counter, own_past const& past);
    bool are_one(unsigned a, unsigned b, own_past const& past) const noexcept;
    void forget(unsigned link);

private:
    struct joint {
        unsigned low;
        unsigned high;
        unsigned said_on;
        std::uint64_t counter; ///< Of our last datagram that was heard.
    };
    std::vector<joint> joints_;
};

} // namespace rollcast::detail
