// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <span>

namespace rollcast::send {

/// What every kernel with UDP_SEGMENT takes as one run.
inline constexpr std::size_t most_segments = 64;

/// How many of the first payloads the kernel can cut out of one piece: equal in size, but for the
/// last, which may be shorter, none of them empty, and together no more than one datagram's worth.
inline std::size_t run_length(std::span<boost::asio::const_buffer const> payloads,
                              std::size_t most_bytes)
{
    auto const size = payloads.front().size();
    auto const most = size == 0 ? 1 : std::min(most_segments, most_bytes / size);
    auto const limit = std::min(most, payloads.size());
    std::size_t length = 1;
    while (length < limit && payloads[length].size() == size)
        ++length;
    bool const has_last =
        length < limit && payloads[length].size() != 0 && payloads[length].size() < size;
    return has_last ? length + 1 : length;
}

} // namespace rollcast::send
