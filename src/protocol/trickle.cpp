// SPDX-License-Identifier: BSL-1.0
#include "protocol/trickle.hpp"

#include <algorithm>
#include <cmath>

namespace rollcast::detail {
namespace {

/// Where in the second half of an interval our turn comes, from 0 to 1. Uniform turns would let
/// dozens of a thousand members speak within the delay of the network; with the truncated
/// exponential distribution of RFC 5401 (section 3.2.2) the first to speak are few, however many
/// wait.
double turn(std::size_t members, random_source& random)
{
    auto const steepness = std::log(static_cast<double>(std::max<std::size_t>(members, 1))) + 1;
    return std::log1p(random.unit() * std::expm1(steepness)) / steepness;
}

} // namespace

void trickle::start(time_point now, std::size_t members, random_source& random)
{
    begun_ = true;
    was_reset_ = false;
    begin(bounds_.shortest, now, members, random);
}

void trickle::begin(duration interval, time_point now, std::size_t members, random_source& random)
{
    auto const among = std::min(members, speakers);
    bool const speaks = random.unit() * static_cast<double>(members) < static_cast<double>(among);
    interval_ = interval;
    end_ = now + interval;
    turn_ = now + interval / 2 + share(interval / 2, turn(among, random));
    heard_ = 0;
    had_turn_ = !speaks;
}

void trickle::hear_news(time_point now, std::size_t members, random_source& random)
{
    reset(std::min<duration>(after_news, bounds_.longest), now, members, random);
}

void trickle::hear_difference(time_point now, std::size_t members, random_source& random)
{
    reset(bounds_.shortest, now, members, random);
}

void trickle::reset(duration interval, time_point now, std::size_t members, random_source& random)
{
    if (!begun_ || interval_ <= interval)
        return;
    was_reset_ = true;
    begin(interval, now, members, random);
}

bool trickle::take_due(time_point now, std::size_t members, random_source& random)
{
    if (!begun_)
        return false;
    bool const due = !had_turn_ && turn_ <= now;
    bool const speak = due && heard_ < enough;
    had_turn_ = had_turn_ || due;
    if (had_turn_ && end_ <= now)
        begin(next_interval(), now, members, random);
    return speak;
}

duration trickle::next_interval() const noexcept
{
    if (was_reset_ && interval_ >= once_more)
        return bounds_.longest;
    return std::min<duration>(was_reset_ ? duration(once_more) : 2 * interval_, bounds_.longest);
}

std::optional<time_point> trickle::next_deadline() const noexcept
{
    if (!begun_)
        return std::nullopt;
    return had_turn_ ? end_ : turn_;
}

} // namespace rollcast::detail
