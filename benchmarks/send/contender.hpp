// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/sender.hpp"

#include <rollcast/net/group.hpp>

#include <cstddef>
#include <memory>

namespace rollcast::bench {

/// Where to send, and how much at a time.
struct send_setup {
    net::group group{};
    std::size_t size = 0;
};

/// How many runs of datagrams everybody hands over at once who sends runs.
inline constexpr std::size_t runs_per_call = 16;

/// A batch is what one call of the bare loop with runs sends; others need more calls for as much.
constexpr std::size_t batch_length(std::size_t size)
{
    return runs_per_call * run_length(size);
}

/// One of the ways to send that are compared. All send the same bytes over and over again.
class contender {
public:
    virtual ~contender() = default;

    virtual void send(std::size_t batches) = 0;
};

using contender_factory = std::unique_ptr<contender> (*)(send_setup const& setup);

} // namespace rollcast::bench
