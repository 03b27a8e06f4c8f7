// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rollcast::bench {

struct options {
    enum class what { table, costs, latency, replay, soak };

    what wanted = what::table;
    std::uint64_t seed = 1;           ///< The first one.
    std::optional<std::size_t> seeds; ///< As many as usual otherwise.
    std::vector<std::size_t> sizes{10, 100, 1000, 10000};
    std::vector<double> losses{0, 0.1, 0.3};
    std::chrono::seconds duration{120}; ///< Of the faults of a soak.
    std::size_t threads = 1;
    bool complete = false;
    bool verbose = false;
};

/// Without options: the program is to end with this status, and has said why.
struct parsed {
    std::optional<bench::options> options{};
    int status = 0;
};

parsed parse(int argc, char const* const* argv);

} // namespace rollcast::bench
