// SPDX-License-Identifier: BSL-1.0
#include "carrier/multicast/station_health.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace rollcast::detail {
namespace {

using std::chrono::milliseconds;

/// Failures one after the other that are no accident.
constexpr int enough_strikes = 3;

/// The steps to certainty take half of the patience at most; the rest is for a slow machine.
constexpr int steps_in_patience = 2 * (enough_strikes + 1);
constexpr station_health::duration longest_step = milliseconds(250);

/// A queue that is full for a moment; what fails for want of memory is no matter of this link.
bool passes_by_itself(error_code const& why)
{
    return why == asio::error::would_block || why == asio::error::try_again ||
           why == asio::error::no_buffer_space || why == asio::error::interrupted ||
           why == asio::error::no_memory;
}

} // namespace

station_health::station_health(duration patience)
    : patience_(patience), step_(std::min(patience / steps_in_patience, longest_step))
{
}

void station_health::said(error_code const& outcome, time_point now)
{
    if (passes_by_itself(outcome))
        return;
    failure_ = outcome;
    awaits_echo_ = awaits_echo_ || !outcome;
    if (!due_)
        due_ = now + step_;
}

bool station_health::check(time_point now)
{
    // A program that comes late has read nothing meanwhile, whatever there was to hear.
    bool const late = due_ && now > *due_ + step_;
    due_.reset();
    if (!is_in_doubt()) {
        strikes_ = 0;
        trouble_ = {};
        return false;
    }
    strikes_ = late ? std::min(strikes_, 1) : std::min(strikes_ + 1, enough_strikes);
    if (trouble_ || strikes_ == enough_strikes)
        trouble_ = failure_ ? failure_ : error_code(error::nothing_heard);
    bool const waits = trouble_ && now < next_try_;
    if (!waits)
        next_try_ = now + patience_ - step_; // so its end is told within the patience, too
    due_ = waits ? next_try_ : now + step_;
    return !waits;
}

} // namespace rollcast::detail
