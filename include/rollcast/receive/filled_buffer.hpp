// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/receive/packet.hpp>

#include <cstddef>

namespace rollcast::detail {

/// One buffer as the kernel filled it: a datagram, or a run of datagrams of one flow.
struct filled_buffer {
    packet whole{};                ///< Its payload is the whole buffer.
    std::size_t datagram_size = 0; ///< Bytes of each datagram but the last, which may be shorter.

    std::size_t packets() const noexcept
    {
        auto const size = whole.payload.size();
        return size <= datagram_size ? 1 : (size + datagram_size - 1) / datagram_size;
    }
};

} // namespace rollcast::detail
