// SPDX-License-Identifier: BSL-1.0
#include "net/sleep_watch.hpp"

#include "os/suspension.hpp"

namespace rollcast::net {

sleep_watch::sleep_watch() noexcept : known_(os::time_asleep()) {}

std::chrono::nanoseconds sleep_watch::time_slept() noexcept
{
    auto const slept = os::time_asleep() - known_;
    if (slept < std::chrono::seconds(1))
        return {};
    known_ += slept;
    return slept;
}

} // namespace rollcast::net
