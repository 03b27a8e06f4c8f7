// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/bare_socket.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace rollcast::bench {

/// The receive queue of somebody who has joined, and reads only when told to.
class queue {
public:
    queue(net::group const& group, bool coalesce);

    /// Takes everything out; tells how many datagrams that was.
    std::uint64_t empty();

private:
    bare_socket socket_;
    std::vector<std::byte> bytes_;
};

} // namespace rollcast::bench
