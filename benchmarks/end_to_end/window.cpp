// SPDX-License-Identifier: BSL-1.0
#include "end_to_end/window.hpp"

#include <chrono>
#include <thread>

namespace rollcast::bench {
namespace {

/// What has not arrived by then never will.
constexpr std::chrono::milliseconds patience{200};

} // namespace

void window::wait_for_less_than(std::uint64_t packets)
{
    if (under_way() < packets)
        return;
    auto const end = std::chrono::steady_clock::now() + patience;
    while (under_way() >= packets) {
        std::this_thread::yield();
        if (std::chrono::steady_clock::now() > end)
            lost_ += under_way();
    }
}

} // namespace rollcast::bench
