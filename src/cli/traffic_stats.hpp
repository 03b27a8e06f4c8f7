// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/numbering.hpp"

#include <rollcast/metrics/counters.hpp>

#include <chrono>
#include <string>

namespace rollcast::cli {

/// What came in since the last line, for people or scripts.
class traffic_stats {
public:
    explicit traffic_stats(std::chrono::steady_clock::time_point now) : since_(now) {}

    std::string line(receive_counters const& now_counted, gap_counter const& gaps,
                     std::chrono::steady_clock::time_point now, bool json);

private:
    std::chrono::steady_clock::time_point since_;
    receive_counters before_{};
    std::uint64_t missing_before_ = 0;
};

} // namespace rollcast::cli
