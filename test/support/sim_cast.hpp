// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace rollcast::test {

/// To whom a datagram goes. A network may carry one and not the other.
enum class cast { multicast, unicast };

} // namespace rollcast::test
