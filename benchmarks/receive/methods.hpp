// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "receive/cases.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace rollcast::bench {

enum class method {
    drain, ///< Fill the socket's queue, then empty it.
    flood, ///< Send from one core, receive on another.
};

struct workload {
    bench::method method;
    std::size_t size;
    metadata_mask metadata;
};

/// What each choice of metadata is called.
std::map<std::string, metadata_mask> const& metadata_names();

/// How long to measure.
struct effort {
    int repetitions; ///< The medians are taken over these.
    int drains;      ///< In each of them.
    std::chrono::milliseconds flood;
};

inline constexpr effort full_effort{9, 20, std::chrono::milliseconds(100)};
inline constexpr effort quick_effort{7, 5, std::chrono::milliseconds(20)};

/// Medians; the ratio is the bare loop's CPU time per packet over that of the case.
struct figures {
    double packets_per_second;
    double cpu_ns_per_packet;
    double ratio_to_bare;
    std::uint64_t lost; ///< In all repetitions together.
};

/// Measures a case and its bare loop in turns, so that both see the same noise.
figures measure(bench_case const& which, workload const& load, effort const& how_much);

} // namespace rollcast::bench
