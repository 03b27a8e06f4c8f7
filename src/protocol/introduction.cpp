// SPDX-License-Identifier: BSL-1.0
#include "protocol/introduction.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

// Gaps between the copies: long enough that one burst of interference does not take them all,
// with a spread of ±25 % that keeps instances started together from speaking together.
constexpr std::array gaps{milliseconds(40), milliseconds(80)};
constexpr double gap_spread = 0.25;

/// The first copy of an introduction waits up to this, for the same reason.
constexpr auto first_delay = milliseconds(1);

/// In hellos a second, of all that start together. The next copy waits up to 2 ms more for each
/// hello heard.
constexpr double mass_rate = 500;

} // namespace

void introduction::introduce(time_point now)
{
    leaving_ = false;
    asking_ = true;
    answered_ = false;
    start_burst(true, now + share(first_delay, random_.unit()));
}

void introduction::announce_change(time_point now)
{
    // An introduction under way goes on: its copies carry the change to everybody.
    bool const introducing = burst_ && burst_->asks;
    // Changes in quick succession share a burst of hellos.
    start_burst(introducing, std::max(now, last_sent_ + gaps.front()));
}

void introduction::leave(time_point now)
{
    leaving_ = true;
    start_burst(false, now);
}

void introduction::start_burst(bool asks, time_point first)
{
    burst_ = burst{0, asks, first};
}

/// Timer reconsideration, as RTCP has it (RFC 3550): the more others start with us, the later we
/// repeat ourselves, so that all of them together stay at `mass_rate`.
void introduction::hear_hello(time_point now)
{
    bool const repeating = burst_ && !leaving_ && burst_->sent != 0;
    if (repeating && burst_->next > now)
        burst_->next += share(std::chrono::seconds(1), random_.unit() / mass_rate);
}

void introduction::step_burst(time_point now)
{
    if (++burst_->sent == copies)
        burst_.reset();
    else
        burst_->next =
            now + random_.around(gaps[static_cast<std::size_t>(burst_->sent) - 1], gap_spread);
}

std::optional<introduction::transmission> introduction::take_due(time_point now)
{
    if (!burst_ || burst_->next > now)
        return std::nullopt;
    transmission due{leaving_ ? kind::bye : kind::hello, 0};
    if (burst_->asks && !answered_)
        due.attempt = static_cast<std::uint8_t>(burst_->sent + 1);
    step_burst(now);
    last_sent_ = now;
    return due;
}

std::optional<time_point> introduction::next_deadline() const noexcept
{
    return burst_ ? std::optional(burst_->next) : std::nullopt;
}

} // namespace rollcast::detail
