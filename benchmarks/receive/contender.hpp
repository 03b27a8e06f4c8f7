// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/tally.hpp"

#include <rollcast/net/group.hpp>
#include <rollcast/net/packet.hpp>

#include <cstddef>
#include <memory>

namespace rollcast::bench {

/// What is to be received, and what to ask the kernel for.
struct receive_setup {
    net::group group{};
    metadata_mask metadata = metadata_mask::none;
    bool coalesce = false;
};

/// How many datagrams, or runs of them, everybody takes at once who takes several.
inline constexpr std::size_t batch_length = 64;

/// One of the ways to receive that are compared.
class contender {
public:
    virtual ~contender() = default;

    /// Receives until the datagram that ends the measurement.
    virtual void receive(tally& into) = 0;
};

using contender_factory = std::unique_ptr<contender> (*)(receive_setup const& setup);

} // namespace rollcast::bench
