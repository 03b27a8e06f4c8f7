// SPDX-License-Identifier: BSL-1.0
#include <rollcast/send/pacer.hpp>

#include <rollcast/error.hpp>

#include "error/explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace rollcast {
namespace {

constexpr double highest_rate = 1e12;

/// How many units are counted from one point in time at most: a double still tells their times to
/// the nanosecond.
constexpr std::uint64_t most_counted = std::uint64_t{1} << 40;

/// A century is as good as never, and fits into nanoseconds.
constexpr double longest_wait = 100.0 * 365 * 24 * 3600;

double checked(double per_second)
{
    bool const is_rate = per_second > 0 && per_second <= highest_rate; // not a number is neither
    detail::throw_if(is_rate ? error_code() : error_code(error::invalid_rate), "pace",
                     [&](error_code const& ec) {
                         return detail::explanation(fmt::format("{}", per_second), ec);
                     });
    return per_second;
}

} // namespace

pace::pace(double per_second) : per_second_(checked(per_second)) {}

void pace::set_rate(double per_second)
{
    auto const fresh = checked(per_second);
    if (begun_)
        begin_at(due());
    per_second_ = fresh;
}

pace::clock::time_point pace::reserve(std::uint64_t count, clock::time_point now) noexcept
{
    if (!begun_)
        begin_at(now);
    else if (due() < now - longest_debt)
        begin_at(now - longest_debt);
    else if (reserved_ > most_counted)
        begin_at(due());
    auto const when = due();
    reserved_ += std::min(count, std::numeric_limits<std::uint64_t>::max() - reserved_);
    return when;
}

void pace::give_back(std::uint64_t count) noexcept
{
    reserved_ -= std::min(count, reserved_);
}

pace::clock::time_point pace::due() const noexcept
{
    std::chrono::duration<double> const since(
        std::min(static_cast<double>(reserved_) / per_second_, longest_wait));
    auto const room = clock::time_point::max() - *begun_;
    return *begun_ + std::min(std::chrono::duration_cast<clock::duration>(since), room);
}

void pace::begin_at(clock::time_point when) noexcept
{
    begun_ = when;
    reserved_ = 0;
}

} // namespace rollcast
