// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/measure.hpp"

#include <chrono>
#include <cstdint>

namespace rollcast::bench {

/// What a contender did, and how long it took.
struct totals {
    spent time{};
    std::uint64_t sent = 0;
    std::uint64_t received = 0;

    totals& operator+=(totals const& other) noexcept
    {
        time += other.time;
        sent += other.sent;
        received += other.received;
        return *this;
    }
    double per_packet(std::chrono::nanoseconds what) const noexcept
    {
        return static_cast<double>(what.count()) / static_cast<double>(received);
    }
    double cpu_ns_per_packet() const noexcept { return per_packet(time.cpu); }
    double packets_per_second() const noexcept { return 1e9 / per_packet(time.wall); }
};

} // namespace rollcast::bench
