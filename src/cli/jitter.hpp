// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "cli/numbering.hpp"

#include <rollcast/net/packet.hpp>

#include <chrono>
#include <optional>

namespace rollcast::cli {

using seconds_double = std::chrono::duration<double>;

/// How much the transit times of one run vary, by RFC 3550, 6.4.1. Only differences of times count,
/// so that the clocks of sender and receiver need not agree.
///
/// Where marks have no time, the sender is taken to send evenly: with the mean spacing so far.
class jitter {
public:
    /// Each number once, in the order of arrival.
    void hear(mark const& which, kernel_time at) noexcept;

    /// Not known before two arrivals can be compared.
    std::optional<seconds_double> value() const noexcept { return value_; }

private:
    struct arrival {
        mark which;
        kernel_time at;
    };

    std::optional<seconds_double> sent_apart(arrival const& before,
                                             arrival const& after) const noexcept;
    std::optional<seconds_double> spacing() const noexcept;

    std::optional<arrival> first_;
    std::optional<arrival> furthest_; ///< Of the highest number.
    std::optional<arrival> last_;
    std::optional<seconds_double> value_;
};

} // namespace rollcast::cli
