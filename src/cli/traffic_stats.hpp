// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <rollcast/net/packet.hpp>

#include <chrono>
#include <cstddef>
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
    // Of those that are numbered, if any.
    std::optional<std::uint64_t> missing{};
    std::optional<std::uint64_t> reordered{};
    std::optional<std::uint64_t> repeated{};
    std::optional<std::chrono::duration<double>> jitter{}; ///< As it is now, and no sum.
};

/// What has passed since the last line, and at the end in all, for people or scripts.
class traffic_stats {
public:
    explicit traffic_stats(bool json) : json_(json) {}

    /// Tells of each datagram, since the rate in all is that between the first and the last one.
    void pass(kernel_time at, std::size_t bytes) noexcept;

    /// Prints a line to stderr, since stdout has what the command is for.
    void print(traffic const& so_far);

    void print_total(traffic const& so_far) const;

private:
    using seconds = std::chrono::duration<double>;

    seconds since_start() const noexcept { return std::chrono::steady_clock::now() - start_; }

    bool json_;
    std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
    seconds printed_until_{};
    traffic before_{};
    std::optional<kernel_time> first_at_;
    kernel_time last_at_{};
    std::size_t first_bytes_ = 0;
};

} // namespace rollcast::cli
