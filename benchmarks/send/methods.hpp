// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "send/cases.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace rollcast::bench {

enum class method {
    no_receiver,         ///< Nobody has joined.
    receiver,            ///< Somebody has, whose queue is emptied between the measurements.
    coalescing_receiver, ///< The same, who takes runs in one piece.
};

struct workload {
    bench::method method;
    std::size_t size;
};

std::map<std::string, method> const& method_names();

/// How long to measure.
struct effort {
    int repetitions; ///< The medians are taken over these.
    int turns;       ///< In each of them.
};

inline constexpr effort full_effort{9, 20};
inline constexpr effort quick_effort{7, 5};

/// Medians; the ratio is the other one's CPU time per packet over that of the case.
struct figures {
    double packets_per_second;
    double cpu_ns_per_packet;
    double ratio;
    std::uint64_t lost; ///< In all repetitions together, of those somebody was to receive.
};

/// Measures a case and another, which may be the same, in turns, so that both see the same noise.
figures measure(bench_case const& which, bench_case const& other, workload const& load,
                effort const& how_much);

} // namespace rollcast::bench
