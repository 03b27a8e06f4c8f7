// SPDX-License-Identifier: BSL-1.0
#include "cli/jitter.hpp"

namespace rollcast::cli {
namespace {

/// A clock that was never set stands at 1970, which does no harm. What is further away is no clock
/// at all, and a single one would drown what is measured until some hundred others have come.
constexpr seconds_double most_apart = std::chrono::years(100);

bool is_plausible(std::uint64_t sent_at, kernel_time at) noexcept
{
    auto const sent = std::chrono::duration<double, std::micro>(static_cast<double>(sent_at));
    return std::chrono::abs(seconds_double(at.time_since_epoch()) - sent) <= most_apart;
}

/// With its sign, of numbers that may be as far apart as 64 bits allow.
double steps(std::uint64_t from, std::uint64_t to) noexcept
{
    return to >= from ? static_cast<double>(to - from) : -static_cast<double>(from - to);
}

} // namespace

void jitter::hear(mark const& which, kernel_time at) noexcept
{
    if (which.sent_at && !is_plausible(*which.sent_at, at))
        return;
    arrival const now{which, at};
    if (!first_)
        first_ = now;
    if (!furthest_ || which.number > furthest_->which.number)
        furthest_ = now;
    if (last_)
        if (auto const sent = sent_apart(*last_, now)) {
            auto const difference = seconds_double(at - last_->at) - *sent;
            auto const before = value_.value_or(seconds_double(0));
            value_ = before + (std::chrono::abs(difference) - before) / 16;
        }
    last_ = now;
}

/// Unknown of two of which only one tells its time.
std::optional<seconds_double> jitter::sent_apart(arrival const& before,
                                                 arrival const& after) const noexcept
{
    auto const& from = before.which;
    auto const& to = after.which;
    if (from.sent_at.has_value() != to.sent_at.has_value())
        return std::nullopt;
    if (from.sent_at)
        return std::chrono::duration<double, std::micro>(steps(*from.sent_at, *to.sent_at));
    auto const each = spacing();
    return each ? std::optional(*each * steps(from.number, to.number)) : std::nullopt;
}

/// Up to the highest number: one that comes late would stretch it.
std::optional<seconds_double> jitter::spacing() const noexcept
{
    auto const count = steps(first_->which.number, furthest_->which.number);
    if (count == 0)
        return std::nullopt;
    return seconds_double(furthest_->at - first_->at) / count;
}

} // namespace rollcast::cli
