// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/segment.hpp"

namespace rollcast::detail {

/// One datagram while it is being heard.
struct segment::context {
    announcement const& heard;
    arrival const& from;
    time_point now;
    bool proven; ///< The datagram echoes a cookie of ours.
    demands out{};
    std::optional<ended_member>
        former{}; ///< Another life of the speaker's id, as held before this was heard.
};

} // namespace rollcast::detail
