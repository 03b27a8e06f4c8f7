// SPDX-License-Identifier: BSL-1.0
#include "net/time_asleep.hpp"

#include "os/suspension.hpp"

namespace rollcast::net {

std::chrono::nanoseconds time_asleep() noexcept
{
    return os::time_asleep();
}

} // namespace rollcast::net
