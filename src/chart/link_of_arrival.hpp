// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "protocol/link.hpp"
#include "send/mouth.hpp"

#include <span>

namespace rollcast::detail {

/// The link on which something was sent to this chart alone: that of the address it was sent to,
/// whichever way it came in, since a neighbour on two of our links may take either. Of several that
/// have that address it is the one it came in by, or else the first; where none has it, the one it
/// came in by. 0: none of these.
unsigned link_of_arrival(send::mouth::heard const& heard, std::span<link const> links);

} // namespace rollcast::detail
