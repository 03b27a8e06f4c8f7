// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/segment.hpp"

namespace rollcast::detail {

/// One datagram while it is being heard.
struct segment::context {
    announcement const& heard;
    std::size_t bytes;
    arrival const& from;
    time_point now;
    bool proven; ///< It echoes a cookie of ours.
    demands out{};
};

} // namespace rollcast::detail
