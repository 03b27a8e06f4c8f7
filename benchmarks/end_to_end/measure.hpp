// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rollcast::bench {

/// How long to measure.
struct effort {
    int repetitions; ///< The medians are taken over these.
    std::chrono::milliseconds each;
};

inline constexpr effort full_effort{9, std::chrono::milliseconds(200)};
inline constexpr effort quick_effort{7, std::chrono::milliseconds(50)};

struct throughput {
    double packets_per_second; ///< Received; the median.
    std::uint64_t lost;        ///< In all repetitions together.
};

struct comparison {
    throughput batch;
    throughput one_call_per_packet;
    double ratio; ///< How many times as many packets the batches carry; the median.
};

/// Measures both pipelines in turns, so that they see the same noise.
comparison measure(std::size_t size, effort const& how_much);

} // namespace rollcast::bench
