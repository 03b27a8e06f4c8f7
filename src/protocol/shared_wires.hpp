// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/own_past.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::detail {

/// Which of our links are on one wire, or are joined by something that repeats what is said on one
/// of them on the other: what we have said on one of them is heard on the other.
class shared_wires {
public:
    static constexpr std::size_t capacity = 256;
    /// They are no longer when so many of our multicasts in a row have not been heard. At rest that
    /// takes minutes; but whoever starts or changes says several before the first one is heard.
    static constexpr std::size_t most_unheard = 8;

    /// Our datagram of this counter, said on one link, was heard on another one; whether that is
    /// new.
    bool hear(unsigned on, unsigned said_on, std::uint64_t counter, own_past const& past);
    bool are_one(unsigned a, unsigned b, own_past const& past) const noexcept;
    void forget(unsigned link);

private:
    struct joint {
        unsigned low;
        unsigned high;
        unsigned said_on;
        std::uint64_t counter; ///< Of the last one that was heard.
    };
    std::vector<joint> joints_;
};

} // namespace rollcast::detail
