// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "announce/announcement.hpp"
#include "protocol/clock.hpp"
#include "protocol/link.hpp"

#include <cstddef>
#include <vector>

namespace rollcast::detail {

/// Where this instance was reached on links that are gone: it says so on the links that are left,
/// so that members that know it on both need not find out by its silence.
class lost_presences {
public:
    static constexpr std::size_t capacity = 2; ///< A hello has to have room for this many records.

    void add(link const& where, std::chrono::milliseconds beat_interval, time_point until);
    void erase(unsigned link_index);

    /// The members field of a hello: for each lost link a record of this identity, with the
    /// addresses and unicast ports it had there and nothing else.
    std::vector<std::byte> told(identity const& own, time_point now) const;

private:
    struct presence {
        unsigned link;
        rollcast::record record;
        time_point until;
    };
    std::vector<presence> all_;
};

/// Whether a member with the record `known` is reached just where the record of a lost presence
/// says.
bool is_reached_at(record_view const& known, record_view const& lost);

} // namespace rollcast::detail
