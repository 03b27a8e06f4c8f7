// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/link.hpp"
#include "send/mouth.hpp"

#include <span>

namespace rollcast::detail {

/// The link on which something was sent to this chart alone: that of the address it was sent to,
/// whichever way it came in, since a neighbour on two of our links may take either. Of several
/// links with that address it is the one by which the datagram came in, or else the first; where no
/// link has the address, the one by which it came in. 0: no link of this chart.
unsigned link_of_arrival(send::mouth::heard const& heard, std::span<link const> links);

} // namespace rollcast::detail
