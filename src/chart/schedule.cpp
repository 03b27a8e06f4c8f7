// SPDX-License-Identifier: BSL-1.0
#include "chart/schedule.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

constexpr int copies = 3;

// Gaps between the copies: long enough that one burst of interference does not take them all,
// with a spread that keeps instances started together from speaking together.
constexpr std::array gaps{milliseconds(40), milliseconds(80)};
constexpr double gap_spread = 0.25;

// Refreshes come at 85 to 95 percent of a third of the detection time, so that three of them
// always fit into it.
constexpr double refresh_share = 0.9 / 3;
constexpr double refresh_spread = 0.05;

} // namespace

void schedule::introduce(time_point now)
{
    start_burst(true, now);
}

void schedule::announce_change(time_point now)
{
    // An introduction under way goes on: its copies carry the change to everybody.
    bool const introducing = burst_ && burst_->asks;
    // Changes in quick succession share an announcement.
    start_burst(introducing, std::max(now, last_sent_ + gaps.front()));
}

void schedule::leave(time_point now)
{
    leaving_ = true;
    refresh_.reset();
    start_burst(false, now);
}

void schedule::start_burst(bool asks, time_point first)
{
    burst_ = burst{0, asks, first};
}

void schedule::step_burst(time_point now)
{
    if (++burst_->sent == copies)
        burst_.reset();
    else
        burst_->next =
            now + random_.around(gaps[static_cast<std::size_t>(burst_->sent) - 1], gap_spread);
}

std::optional<schedule::transmission> schedule::take_due(time_point now)
{
    transmission due{leaving_ ? kind::bye : kind::hello, 0};
    if (burst_ && burst_->next <= now) {
        if (burst_->asks)
            due.attempt = static_cast<std::uint8_t>(burst_->sent + 1);
        step_burst(now);
    } else if (!refresh_ || *refresh_ > now) {
        return std::nullopt;
    }
    last_sent_ = now;
    if (!leaving_) {
        auto const third = std::chrono::duration_cast<duration>(detection_time_ * refresh_share);
        refresh_ = now + random_.around(third, refresh_spread);
    }
    return due;
}

std::optional<time_point> schedule::next_deadline() const noexcept
{
    if (burst_ && refresh_)
        return std::min(burst_->next, *refresh_);
    return burst_ ? std::optional(burst_->next) : refresh_;
}

} // namespace rollcast::detail
