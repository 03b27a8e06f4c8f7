// SPDX-License-Identifier: BSL-1.0
#include "net/sleep_watch.hpp"

#include "os/suspension.hpp"

namespace rollcast::net {

sleep_watch::sleep_watch() noexcept : known_(os::time_asleep()) {}

bool sleep_watch::has_slept() noexcept
{
    auto const asleep = os::time_asleep();
    if (asleep - known_ < std::chrono::seconds(1))
        return false;
    known_ = asleep;
    return true;
}

} // namespace rollcast::net
