// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace rollcast::cli {

/// What has passed so far.
struct traffic {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;
    // Of what is received only.
    std::optional<std::uint64_t> filtered{};
    std::optional<std::uint64_t> truncated{};
    std::optional<std::uint64_t> missing{}; ///< Of those that are numbered, if any.
};

/// What has passed since the last line, for people or scripts.
class traffic_stats {
public:
    explicit traffic_stats(bool json) : json_(json) {}

    /// Prints a line to stderr, since stdout has what the command is for.
    void print(traffic const& so_far);

private:
    bool json_;
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
    traffic before_{};
};

} // namespace rollcast::cli
