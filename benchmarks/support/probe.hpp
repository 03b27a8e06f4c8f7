// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace rollcast::bench {

/// Throws the reason if multicast on `lo` does not work here.
void require_multicast_on_loopback();

struct queued {
    std::size_t size; ///< Of each datagram.
    bool in_runs;     ///< How they are sent.
    bool coalesce;    ///< How the receiver wants them.
};

/// How many sends the queue of a receiver holds, with some room to spare; `most` if it holds those.
std::size_t sends_that_fit(queued const& what, std::size_t most);

} // namespace rollcast::bench
